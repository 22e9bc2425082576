import { Option } from '@commander-js/extra-typings';
import { signatureVersions } from '../lambda/zavu/sign.ts';
import { webhookEvents } from '../lambda/zavu/subscription.ts';
import { docsPage } from '../lib/docs-page.ts';
import { checkWebhooks, forgetSender } from './register/check.ts';
import { register } from './register/registration.ts';
import { otherEvents, webhookUrl } from './register/subscription.ts';
import { createSecretStore } from './secrets/store.ts';
import { createCommand, endingBy, UsageError } from './shared/command.ts';
import { earlierVersionError, findDeployment } from './shared/deployment.ts';
import { jsonOption, onDeployment } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';
import { routesOf } from './shared/routes.ts';
import { problemOfUrl } from './shared/webhook-request.ts';
import { createZavu } from './shared/zavu.ts';

/** `npx zavu-webhooks register`. */
export const command = onDeployment(
  createCommand('register', {
    examples: [
      ['register --sender snd_1 --stage prod --dry-run', 'what would change'],
      ['register --sender snd_1 --url https://example.trycloudflare.com', 'the local run, through a tunnel'],
      ['register --check --stage prod', 'whether the webhooks of all senders are as they should be'],
    ],
    notes: [
      "It needs the key of Zavu's API in $ZAVUDEV_API_KEY. $ZAVUDEV_BASE_URL is another address of the API.",
    ],
  })
    .option('--sender <id>', 'the sender, by its id in Zavu')
    .option('--forget <id>', 'no longer watch a sender whose webhook has another URL for good')
    .option(
      '--check',
      'change nothing: say what is wrong with the webhooks of the senders that are registered here',
    )
    .option('--url <url>', "another URL that leads to the stack, such as a tunnel's")
    .option('--bind', "bind the sender's secret to it: the secret then proves only events of this sender")
    .option('--take-over', 'change the webhook even if it points elsewhere')
    .addOption(
      new Option('--signature <which>', "the scheme to sign with; the sender's own by default").choices(
        signatureVersions,
      ),
    )
    .option('--dry-run', 'say what would change, and change nothing'),
)
  .description(
    'Points the webhook of a Zavu sender at the stack, subscribes it to the event types that the stack handles, and ' +
      `stores its signing secret. ${docsPage('senders.md')} explains it.`,
  )
  .addOption(jsonOption)
  .action(
    endingBy(async ({ sender, check, forget, json, ...options }) => {
      if (check) return checkWebhooks(await findDeployment(options), options.url, json ?? false);
      if (forget) return forgetSender(await findDeployment(options), forget, json ?? false);
      if (!sender?.trim()) throw new UsageError('Give the id of the sender in Zavu: --sender <id>.');
      const zavu = createZavu();
      const deployment = await findDeployment(options);
      // Before Zavu is asked for anything: it would send events to a stack in which their secret cannot be stored.
      const error = earlierVersionError(deployment);
      if (error) throw error;
      const routes = routesOf(deployment);
      const { WebhookUrl = '', AcceptedSignatures = '' } = deployment.outputs;
      const url = webhookUrl(WebhookUrl, options.url, zavu.baseURL);
      const problem = await problemOfUrl(url);
      if (problem !== undefined) {
        throw new Error(
          `${problem} Nothing was registered. Check --url, or that the stack or the tunnel runs.`,
        );
      }
      const changes: string[] = [];
      await register({
        zavu,
        store: createSecretStore(deployment),
        sender,
        url,
        events: webhookEvents(routes),
        accepted: AcceptedSignatures.split(','),
        signature: options.signature,
        bind: options.bind ?? false,
        takeOver: options.takeOver ?? false,
        dryRun: options.dryRun ?? false,
        print: (line) => (json ? changes.push(line) : console.log(line)),
      });
      const notSubscribable = otherEvents(routes);
      if (json) {
        printJson({ sender, dryRun: options.dryRun ?? false, changes, notSubscribable });
      } else if (notSubscribable.length > 0) {
        console.log(
          `The stack handles these types too, but Zavu's API does not subscribe a sender to them: ${notSubscribable.join(', ')}.`,
        );
      }
      return true;
    }),
  );
