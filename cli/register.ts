import { parseArgs } from 'node:util';
import { signatureVersions } from '../lambda/zavu/sign.ts';
import { register } from './register/registration.ts';
import { otherEvents, webhookEvents, webhookUrl } from './register/subscription.ts';
import { createSecretStore } from './secrets/store.ts';
import { type Command, UsageError } from './shared/command.ts';
import {
  deploymentOptions,
  deploymentUsage,
  earlierVersionError,
  findDeployment,
} from './shared/deployment.ts';
import { routesOf } from './shared/routes.ts';
import { createZavu } from './shared/zavu.ts';

const usage = `npx zavu-webhooks register --sender <id> [options]

Points the webhook of a Zavu sender at the stack, subscribes it to the event types that the stack handles, and stores its
signing secret.

  --sender <id>        the sender, by its id in Zavu
  --url <url>          another URL that leads to the stack, such as a tunnel's
  --bind               bind the sender's secret to it: the secret then proves only events of this sender
  --take-over          change the webhook even if it points elsewhere
  --signature <which>  the scheme to sign with: ${signatureVersions.join(', ')} (the sender's own)
  --dry-run            say what would change, and change nothing

${deploymentUsage}

It needs the key of Zavu's API in $ZAVUDEV_API_KEY. $ZAVUDEV_BASE_URL is another address of the API.
docs/senders.md explains all of it.`;

async function run(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...deploymentOptions,
      sender: { type: 'string' },
      url: { type: 'string' },
      bind: { type: 'boolean', default: false },
      'take-over': { type: 'boolean', default: false },
      signature: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const { sender } = values;
  if (!sender?.trim()) throw new UsageError('Which sender? Give its id in Zavu: --sender <id>.');
  const zavu = createZavu();
  const deployment = await findDeployment(values);
  // Before Zavu is asked for anything: it would send events to a stack in which their secret cannot be stored.
  const error = earlierVersionError(deployment);
  if (error) throw error;
  const routes = routesOf(deployment);
  const { WebhookUrl = '', AcceptedSignatures = '' } = deployment.outputs;
  await register({
    zavu,
    store: createSecretStore(deployment),
    sender,
    url: webhookUrl(WebhookUrl, values.url, zavu.baseURL),
    events: webhookEvents(routes),
    accepted: AcceptedSignatures.split(','),
    signature: values.signature,
    bind: values.bind,
    takeOver: values['take-over'],
    dryRun: values['dry-run'],
    print: (line) => console.log(line),
  });
  const others = otherEvents(routes);
  if (others.length > 0) {
    console.log(
      `The stack handles these types too, but Zavu's API does not subscribe a sender to them: ${others.join(', ')}.`,
    );
  }
  return true;
}

/** `npx zavu-webhooks register`. */
export const command: Command = { name: 'register', usage, run };
