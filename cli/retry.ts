import { parseArgs } from 'node:util';
import { retryNow } from './retry/retry.ts';
import { type Command, UsageError } from './shared/command.ts';
import { deploymentOptions, findDeployment } from './shared/deployment.ts';

const usage = `npx zavu-webhooks retry <event id>

Lets the local run try an event again now, which waits for its next attempt: after a failed one, or after a crash.
The attempts count as without it. A dead letter is redriven instead: npx zavu-webhooks dead-letters redrive --id <event id>`;

/** `npx zavu-webhooks retry`. */
export const command: Command = {
  name: 'retry',
  usage,
  async run(args) {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: deploymentOptions,
      allowPositionals: true,
    });
    const [eventId, ...others] = positionals;
    if (eventId === undefined || others.length > 0) throw new UsageError('Name one event by its id.');
    if (Object.keys(values).length > 0) {
      throw new UsageError(
        'retry works on the local run alone. On AWS, SQS shows a message that waits for its next attempt to nobody: ' +
          'it comes at its time, or is a dead letter, which `npx zavu-webhooks dead-letters redrive` sends again.',
      );
    }
    const workers = await retryNow(await findDeployment({}), eventId);
    if (workers.length > 0) {
      console.log(`${eventId} comes to ${workers.join(', ')} now.`);
      return true;
    }
    console.error(
      `${eventId} waits in no queue of the local run. If it is a dead letter: npx zavu-webhooks dead-letters redrive --id ${eventId}`,
    );
    return false;
  },
};
