import { Option } from '@commander-js/extra-typings';
import { pastedWord } from '../local/pasted-word.ts';
import { printable } from '../local/printable.ts';
import { retryNow } from './retry/retry.ts';
import { createCommand, endingBy, UsageError } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { jsonOption, portOption } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';

/** `npx zavu-webhooks retry`. */
export const command = createCommand('retry', {
  examples: [['retry evt_8f3a2b1c', 'after you have fixed the handler']],
  notes: [
    'The attempts count as without it. A dead letter is redriven instead: npx zavu-webhooks dead-letters redrive --id <id>.',
  ],
})
  .description(
    'Lets an event of the local run that waits for its next attempt, after a failed one or after a crash, come at once.',
  )
  .argument('<id>', 'the id of the event')
  .addOption(portOption)
  .addOption(deployed('--stack <name>'))
  .addOption(deployed('--stage <stage>'))
  .addOption(jsonOption)
  .action(
    endingBy(async (id, { port, json }) => {
      const workers = await retryNow(await findDeployment({ port }), id);
      if (json) printJson({ id, workers });
      else if (workers.length > 0) console.log(printable(`${id} comes to ${workers.join(', ')} now.`));
      if (workers.length > 0) return true;
      console.error(
        printable(
          `${id} waits in no queue of the local run. If it is a dead letter: npx zavu-webhooks dead-letters redrive --id ${pastedWord(id)}`,
        ),
      );
      return false;
    }),
  );

/** An option that names a deployment on AWS. */
function deployed(flags: string): Option {
  return new Option(flags).hideHelp().argParser((): never => {
    throw new UsageError(
      'retry works on the local run alone. On AWS, SQS shows a message that waits for its next attempt to nobody: ' +
        'it comes at its time, or is a dead letter, which `npx zavu-webhooks dead-letters redrive` sends again.',
    );
  });
}
