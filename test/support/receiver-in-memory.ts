import type { OutgoingEvent } from '../../lambda/queued-event/outgoing-event.ts';
import { createHandler, type Receiver } from '../../lambda/receiver/handler.ts';
import { createRecentIds } from '../../lambda/receiver/recent-ids.ts';
import { createLogger } from '../../lambda/shared/log.ts';
import { schemes } from '../../lambda/zavu/signature.ts';
import type { SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { routes } from './handlers.ts';

/** What was put into which queue. */
export type Sent = OutgoingEvent & { to: string };

/**
 * A receiver without AWS, whose line and messages are noted. It takes each scheme, events of any age and of up to
 * 10,000 bytes, and has a canary.
 *
 * @param secrets those that its store has
 * @param parts what is otherwise
 */
export function receiverInMemory(secrets: readonly SigningSecret[], parts: Partial<Receiver> = {}) {
  const lines: string[] = [];
  const sent: Sent[] = [];
  const handle = createHandler({
    secrets: { current: async () => secrets, refreshed: async () => undefined },
    routes,
    policy: { accepted: schemes, toleranceSeconds: 300, futureToleranceSeconds: 60 },
    maxEventAgeSeconds: Number.POSITIVE_INFINITY,
    maxEventBytes: 10_000,
    recentIds: createRecentIds(),
    hasCanary: true,
    answerWithinMs: 1_000,
    send: async (to, message) => void sent.push({ to, ...message }),
    now: Date.now,
    log: createLogger({}, (line) => void lines.push(line)),
    ...parts,
  });
  return { handle, lines, sent };
}
