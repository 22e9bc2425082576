import type { Listed } from './api/zavu-project.ts';
import { type OpenMessage, openDays, type Priority } from './progress/open-messages.ts';
import { isOpen, reachedStates } from './rebuild/reached-state.ts';
import { noteBound } from './report.ts';
import { comparisonOf, type Run, recover } from './run.ts';
import { createdAt } from './times.ts';
import { settledAfterMs } from './window.ts';

type Message = Listed['messages'];

/** A message that is to be asked for again, and why. */
type Noted = OpenMessage & { priority: Priority };

/** What is not settled comes first. */
const priorities: readonly Priority[] = ['unsettled', 'unread'];
const parallelAsks = 5;
/** Until the next run has asked for some, in milliseconds. */
const nextRunMs = 2 * 3_600_000;
const dayMs = 86_400_000;

/**
 * Notes the messages that are to be asked for again: those that are not final, and those whose last change is so recent that
 * Zavu's own webhook may still come.
 *
 * @param to until when changes are settled, in milliseconds
 */
export async function noteOpen(
  { progress, projectId, now }: Run,
  messages: readonly Message[],
  { to }: { to: number },
): Promise<void> {
  const open = messages.flatMap((message) => openMessageOf(message, to, now()) ?? []);
  if (open.length > 0) await progress.addOpen(projectId, open);
}

/**
 * Asks for the messages again that were not final, the oldest first, and puts what is missing into the queues. What there is no
 * time for is asked for by the next run. A bound is hit if that comes too late for one that is not settled.
 */
export async function askAgain(run: Run): Promise<void> {
  const { progress, projectId, report, lease, now, isOver, maxOpenMessages = 500 } = run;
  const comparison = comparisonOf(run, await progress.read(projectId, 'messages'));
  const span = { from: comparison.recordedSince, to: now() - settledAfterMs };
  for (const priority of priorities) {
    // One more than are asked for: it tells whether there are more.
    const open = await progress.open(projectId, priority, maxOpenMessages + 1);
    for (let index = 0; index < open.length; index += parallelAsks) {
      const some = open.slice(index, Math.min(index + parallelAsks, maxOpenMessages));
      if (isOver() || some.length === 0) {
        const until = Number(open[index]?.since) + openDays[priority] * dayMs;
        if (priority === 'unsettled' && until < now() + nextRunMs) noteBound(report, 'open_messages');
        break;
      }
      await lease.renew();
      const messages = await Promise.all(some.map(({ messageId }) => run.project.message(messageId)));
      const there = messages.flatMap((message) => message ?? []);
      await recover(run, { name: 'messages', objects: there, span }, comparison);
      const stillOpen = there.flatMap((message) => openMessageOf(message, span.to, now()) ?? []);
      // One that arrived, and is unread, waits with the others of its kind.
      await progress.addOpen(
        projectId,
        stillOpen.filter((message) => message.priority !== priority),
      );
      const kept = new Set(stillOpen.map(({ messageId }) => messageId));
      await progress.removeOpen(
        projectId,
        some.filter(({ messageId }) => !kept.has(messageId)),
      );
    }
  }
}

function openMessageOf(message: Message, to: number, now: number): Noted | undefined {
  const priority = priorityOf(message, to, now);
  const since = createdAt(message);
  // A message without a time could not be forgotten.
  if (!priority || Number.isNaN(since)) return undefined;
  return { messageId: message.id, priority, since };
}

function priorityOf(message: Message, to: number, now: number): Priority | undefined {
  if (message.direction !== 'outbound') return undefined;
  const isRecent = reachedStates('messages', message, now).some(({ at }) => at > to);
  return isRecent ? 'unsettled' : isOpen(message);
}
