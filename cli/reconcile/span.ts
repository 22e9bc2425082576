import { longestLookBackDays, longestLookBackMs, settledAfterMs } from '../../lambda/reconcile/window.ts';
import { UsageError } from '../shared/command.ts';

/**
 * The span of time that is reconciled, in milliseconds. It ends when Zavu sends nothing more by itself.
 *
 * @throws UsageError if Zavu may still send what happened in it
 */
export function settledSpan(
  { from, to }: { from: number; to: number | undefined },
  now: number,
): { from: number; to: number } {
  const settled = now - settledAfterMs;
  if (from < (to ?? settled) && (to ?? settled) <= settled) return { from, to: to ?? settled };
  throw new UsageError(
    'Zavu may still send what is less than 6 hours old. Give a --from that is older, and a --to of 6h or more.',
  );
}

/**
 * Refuses what is so old that the records of it may have expired.
 *
 * @param span.from where it begins, in milliseconds
 * @throws UsageError saying why, and what to do
 */
export function refuseExpired(
  { name }: { name: string },
  { from, now }: { from: number; now: number },
): void {
  if (from >= now - longestLookBackMs) return;
  throw refusal(
    `Records of what ${name} handled are certain for ${longestLookBackDays} days. Those of older events may have expired`,
  );
}

/**
 * Refuses what a deployment may have handled before it began to record what it handles.
 *
 * @param span.from where it begins, in milliseconds
 * @param span.since since when hourly runs compare, in milliseconds; undefined if there was none
 * @throws UsageError saying why, and what to do
 */
export function refuseUnrecorded(
  { name }: { name: string },
  { from, since }: { from: number; since: number | undefined },
): void {
  if (since !== undefined && from >= since) return;
  const when =
    since === undefined
      ? 'has made no run of these types yet'
      : `compares since ${new Date(since).toISOString()}`;
  throw refusal(`${name} ${when}. It may have handled events from before without recording them`);
}

function refusal(doubt: string): UsageError {
  return new UsageError(
    `${doubt}, and handlers would see those again. Look with --dry-run what is missing. If that is right, say --force.`,
  );
}
