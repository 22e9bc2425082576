import type { Listed } from './api/zavu-project.ts';
import { missingEvents } from './comparison.ts';
import { createdAt } from './created-at.ts';
import { isOpen, reachedStates } from './rebuild/reached-state.ts';
import { noteBound } from './report.ts';
import { comparisonOf, put, type Run } from './run.ts';
import { settledAfterMs } from './window.ts';

type Message = Listed['messages'];

/** Why a message is asked for again: it may still change, or nobody has read it yet, which may stay so for ever. */
type Priority = 'unsettled' | 'unread';

/** What is not settled comes first. */
const priorities: readonly Priority[] = ['unsettled', 'unread'];
const parallelAsks = 5;

/**
 * Notes the messages that are to be asked for again: those that are not final, and those whose last change is so recent that
 * Zavu's own webhook may still come.
 *
 * @param to until when changes are settled, in milliseconds
 */
export async function noteOpen(
  { progress, projectId }: Run,
  messages: readonly Message[],
  { to }: { to: number },
): Promise<void> {
  const open = messages.flatMap((message) => {
    const priority = priorityOf(message, to);
    return priority ? [{ messageId: message.id, priority, since: createdAt(message) }] : [];
  });
  if (open.length > 0) await progress.addOpen(projectId, open);
}

/** Asks for the messages again that were not final, the oldest first, and puts what is missing into the queues. */
export async function askAgain(run: Run): Promise<void> {
  const { progress, projectId, report, lease, now, isOver, maxOpenMessages = 500 } = run;
  const comparison = await comparisonOf('messages', run, []);
  const span = { from: comparison.recordedSince, to: now() - settledAfterMs };
  for (const priority of priorities) {
    // One more than are asked for: it tells whether there are more.
    const open = await progress.open(projectId, priority, maxOpenMessages + 1);
    if (open.length > maxOpenMessages && priority === 'unsettled') noteBound(report, 'open_messages');
    const asked = open.slice(0, maxOpenMessages).map(({ messageId }) => messageId);
    for (let index = 0; index < asked.length; index += parallelAsks) {
      if (isOver()) {
        report.isComplete = false;
        return;
      }
      await lease.renew();
      const ids = asked.slice(index, index + parallelAsks);
      const messages = await Promise.all(ids.map((id) => run.project.message(id)));
      const there = messages.flatMap((message) => message ?? []);
      await put(run, await missingEvents('messages', there, span, comparison));
      const stillOpen = new Set(
        there.filter((message) => priorityOf(message, span.to)).map(({ id }) => id),
      );
      await progress.removeOpen(
        projectId,
        ids.filter((id) => !stillOpen.has(id)),
      );
    }
  }
}

function priorityOf(message: Message, to: number): Priority | undefined {
  if (message.direction !== 'outbound') return undefined;
  const isRecent = reachedStates('messages', message).some(({ at }) => at > to);
  return isRecent ? 'unsettled' : isOpen(message);
}
