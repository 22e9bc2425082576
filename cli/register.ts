import { parseArgs } from 'node:util';
import { register } from './register/registration.ts';
import { otherEvents, signatureVersions, webhookUrl } from './register/subscription.ts';
import { storeOf } from './secrets/store.ts';
import { deploymentOptions, deploymentUsage, findDeployment } from './shared/deployment.ts';
import { createZavu } from './shared/zavu.ts';

const usage = `npm run register -- --sender <id> [options]

Points a sender of Zavu's at the stack, with the events that it handles, and stores the signing secret.

  --sender <id>        the sender, by its id in Zavu
  --url <url>          another URL that leads to the stack, such as a tunnel's
  --bind               lets the sender's secret prove events of this sender alone
  --take-over          even if the sender's webhook points elsewhere
  --signature <which>  the scheme that it signs with: ${signatureVersions.join(', ')}; its own by default
  --dry-run            says what it would do

${deploymentUsage}

$ZAVUDEV_API_KEY is the key of Zavu's API; $ZAVUDEV_BASE_URL another address of it.
docs/senders.md has the rest.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...deploymentOptions,
      sender: { type: 'string' },
      url: { type: 'string' },
      bind: { type: 'boolean', default: false },
      'take-over': { type: 'boolean', default: false },
      signature: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.sender) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const zavu = createZavu();
  const deployment = await findDeployment(values);
  const { WebhookUrl, AcceptedSignatures } = deployment.outputs;
  if (!WebhookUrl || !AcceptedSignatures) {
    throw new Error(`${deployment.name} is of an earlier version. Deploy it first: \`npx cdk deploy\`.`);
  }
  await register({
    zavu,
    store: storeOf(deployment),
    sender: values.sender,
    url: webhookUrl(WebhookUrl, values.url, zavu.baseURL),
    accepted: AcceptedSignatures.split(','),
    signature: values.signature,
    bind: values.bind,
    takeOver: values['take-over'],
    dryRun: values['dry-run'],
    say: (line) => console.log(line),
  });
  if (otherEvents.length > 0)
    console.log(`Handled too, but not to be subscribed to in Zavu's API: ${otherEvents.join(', ')}.`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
