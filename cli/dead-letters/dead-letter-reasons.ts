import type { DeadLetterReason } from '../../lambda/queued-event/dead-letter.ts';
import { docsPage } from '../../lib/docs-page.ts';

/** The reason of a dead letter that carries none: no worker wrote one, so SQS moved the message by itself. */
export const movedBySqs = 'moved_by_sqs';

/** What happened, by the reason of a dead letter, and what to do before the command that follows the sentence. */
export const deadLetterReasons: Readonly<Record<DeadLetterReason | typeof movedBySqs, string>> = {
  permanent_failure: 'The handler said that no retry helps. Fix the data or the handler, deploy, then:',
  attempts_exhausted: 'Every attempt failed. Fix the handler, or wait for the service that it calls, then:',
  function_died:
    'The function died in the last attempt. See Max Memory Used in its log; give it more memory, or fix the handler, deploy, then:',
  timed_out:
    'The function was killed at its time-out in the last attempt. Let the handler end at its signal, or raise the time-out, deploy, then:',
  throttled: `It was received more often than it was tried: Lambda throttled the worker, or it waited too long (${docsPage('runbook.md')}, WorkerThrottles). When that is over:`,
  claim_unavailable:
    'It could not be claimed: the idempotency table was unavailable, or the claim was held for a duplicate. It may have been handled; a redrive then finds a duplicate:',
  messages_unavailable:
    'The messages table did not take it, so that it was not handled. See the error: the table does not answer, or the role may not write to it. When that is fixed:',
  no_handler:
    'Its type moved to another worker while it was queued. This sends it to the worker that handles the type now:',
  malformed_message:
    'Something other than the receiver wrote it. Find out who may send to the queue. Look at it:',
  not_published:
    'It was handled, but the event bus did not take it, or the idempotency table was unavailable. This publishes it, and does not handle it again:',
  [movedBySqs]: `SQS moved it: its worker did not run, or ended, each time that it was received (${docsPage('runbook.md')}, WorkerErrors and WorkerThrottles). Then:`,
};

/** What to do about a reason that a dead letter carries. */
export function adviceFor(reason: string): string {
  return isKnown(reason)
    ? deadLetterReasons[reason]
    : `This version does not know the reason. Read ${docsPage('runbook.md')}, then:`;
}

function isKnown(reason: string): reason is keyof typeof deadLetterReasons {
  return Object.hasOwn(deadLetterReasons, reason);
}
