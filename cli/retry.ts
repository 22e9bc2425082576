import { retryNow } from './retry/retry.ts';
import { createCommand, endingBy, UsageError } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { onDeployment } from './shared/options.ts';

/** `npx zavu-webhooks retry`. */
export const command = onDeployment(
  createCommand('retry', {
    examples: [['retry evt_8f3a2b1c', 'after you have fixed the handler']],
    notes: [
      'The attempts count as without it. A dead letter is redriven instead: npx zavu-webhooks dead-letters redrive --id <id>.',
    ],
  }),
)
  .description(
    'Lets the local run try an event again now, which waits for its next attempt: after a failed one, or after a crash.',
  )
  .argument('<id>', 'the id of the event')
  .action(
    endingBy(async (id, choice) => {
      if (Object.keys(choice).length > 0) {
        throw new UsageError(
          'retry works on the local run alone. On AWS, SQS shows a message that waits for its next attempt to nobody: ' +
            'it comes at its time, or is a dead letter, which `npx zavu-webhooks dead-letters redrive` sends again.',
        );
      }
      const workers = await retryNow(await findDeployment({}), id);
      if (workers.length > 0) {
        console.log(`${id} comes to ${workers.join(', ')} now.`);
        return true;
      }
      console.error(
        `${id} waits in no queue of the local run. If it is a dead letter: npx zavu-webhooks dead-letters redrive --id ${id}`,
      );
      return false;
    }),
  );
