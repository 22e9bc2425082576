import { assertQuestion, telling } from './event/options.ts';
import { accountOf, isKnown } from './message/account.ts';
import { messageDocument } from './message/document.ts';
import { messageText } from './message/text.ts';
import { createCommand, endingBy } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { printJson } from './shared/print-json.ts';
import { timeNote } from './shared/time.ts';

/** `npx zavu-webhooks message`. */
export const command = telling(
  createCommand('message', {
    examples: [['message msg_1 --stage prod', 'its status, and the events that said so']],
    notes: [timeNote],
  }).argument('<id>', "the message's id in Zavu"),
  'show the contents that the item has, and all fields of log lines',
)
  .description(
    'Tells what is known of a message, from the messages table and the logs of the workers: its status, when it reached ' +
      'each, and the events that said so. It ends with 1 if nothing is known.',
  )
  .action(
    endingBy(async (id, { from, to, reveal = false, json, ...choice }) => {
      const now = Date.now();
      assertQuestion(id, { from, to }, now);
      const account = await accountOf(await findDeployment(choice), { id, from, to, now });
      if (json) printJson(messageDocument(account, reveal));
      else console.log(messageText(account, { reveal, choice, now }));
      return isKnown(account);
    }),
  );
