import { accountOf, isKnown } from './event/account.ts';
import { eventDocument } from './event/document.ts';
import { assertQuestion, telling } from './event/options.ts';
import { eventText } from './event/text.ts';
import { createCommand, endingBy } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { printJson } from './shared/print-json.ts';
import { timeNote } from './shared/time.ts';

/** `npx zavu-webhooks event`. */
export const command = telling(
  createCommand('event', {
    examples: [
      ['event evt_1 --stage prod', 'what has become of an event in the last 7 days'],
      ['event evt_1 --stage prod --from 30d', 'the same, further back; this also searches the archive'],
    ],
    notes: [
      timeNote,
      'On AWS, CloudWatch reads all lines of that time. A source that cannot be asked is named, and the others are told.',
    ],
  }).argument('<id>', "the event's id"),
  'show the event as it was signed, and all fields of log lines',
)
  .description(
    'Tells what is known of an event, from the logs, the archive and the tables: when it came, each attempt and how it ' +
      'went, and what to do next. It ends with 1 if nothing is known.',
  )
  .action(
    endingBy(async (id, { from, to, reveal = false, json, ...choice }) => {
      const now = Date.now();
      assertQuestion(id, { from, to }, now);
      const account = await accountOf(await findDeployment(choice), { id, from, to, now });
      if (json) printJson(eventDocument(account, reveal, now));
      else console.log(eventText(account, { reveal, choice, now }));
      return isKnown(account);
    }),
  );
