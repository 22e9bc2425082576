import { Argument, Option } from '@commander-js/extra-typings';
import { guideLadder } from '../lambda/zavu/delivery.ts';
import { sampleTypes } from '../lambda/zavu/samples.ts';
import { senderSchemes } from '../lambda/zavu/sign.ts';
import { eventToSend } from './send/event.ts';
import { deliver } from './send/post.ts';
import { findTarget } from './send/target.ts';
import { createCommand, endingBy } from './shared/command.ts';
import { numberOption, portOption, positiveOption } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';

const { page, waitsSeconds } = guideLadder;
const waits = waitsSeconds.map((seconds) => seconds / 60).join(', ');

/** `npx zavu-webhooks send`. */
export const command = createCommand('send', {
  examples: [
    ['send message.inbound', 'posts a sample to the local run'],
    [
      'send event.json --url https://hooks.example.com/webhooks/zavu',
      'posts a file, signed with $ZAVU_WEBHOOK_SECRET',
    ],
  ],
  notes: [`Samples: ${sampleTypes.join(', ')}`],
})
  .description('Posts a signed event, as Zavu does. It fails if an event is not answered with 2xx.')
  .addArgument(new Argument('<event>', 'an event type, or a JSON file'))
  .option('--url <url>', 'where to post; the local run by default')
  .addOption(portOption)
  .addOption(new Option('--scheme <scheme>', 'how to sign').choices(senderSchemes).default('v2' as const))
  .addOption(numberOption('--times <n>', 'send it n times', { max: 1_000_000 }).default(1))
  .option('--fresh', 'give it a new id and the present time, the same ones for all times')
  .addOption(
    new Option(
      '--set <path=value>',
      'change a field, such as data.from=+56911111111, and give it a new id; may be repeated',
    )
      .argParser((change: string, before: string[]) => [...before, change])
      .default([] as string[], 'none'),
  )
  .option('--tamper', 'change the body after signing it')
  .option('--stale', 'sign it an hour ago')
  .option('--retry', `on any answer but 2xx try again after the waits of ${page.name}: ${waits} min`)
  .addOption(positiveOption('--speed <n>', 'that schedule n times as fast').default(1))
  .option('--json', 'print one JSON object for each answer, for scripts')
  .action(
    endingBy(async (source, { times, speed, tamper = false, stale = false, json, ...options }) => {
      const body = eventToSend(source, { isFresh: options.fresh ?? false, changes: options.set });
      const post = { ...findTarget(options.url, options.port), scheme: options.scheme, tamper, stale };
      const waitsMs = options.retry ? waitsSeconds.map((seconds) => (seconds * 1000) / speed) : [];
      const print = json ? printJson : (_answer: unknown, line: string) => console.log(line);
      let areAllTaken = true;
      for (let time = 0; time < times; time++) {
        areAllTaken = (await deliver(body, post, waitsMs, print)) && areAllTaken;
      }
      return areAllTaken;
    }),
  );
