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
 * Refuses what a deployment may have handled although it has no record of it.
 *
 * @param span.from where it begins, in milliseconds
 * @param span.since since when hourly runs compare, in milliseconds; undefined if there was none
 * @throws UsageError saying why, and what to do
 */
export function refuseUnrecorded(
  { name }: { name: string },
  { from, since, now }: { from: number; since: number | undefined; now: number },
): void {
  const doubt = doubtOf(name, { from, since, now });
  if (doubt === undefined) return;
  throw new UsageError(
    `${doubt}, and handlers would see those again. Look with --dry-run what is missing. If that is right, say --force.`,
  );
}

function doubtOf(
  name: string,
  { from, since, now }: { from: number; since: number | undefined; now: number },
): string | undefined {
  const unrecorded = 'It may have handled events from before without recording them';
  if (since === undefined) return `${name} has made no run of these types yet. ${unrecorded}`;
  if (from < since) return `${name} compares since ${new Date(since).toISOString()}. ${unrecorded}`;
  if (from >= now - longestLookBackMs) return undefined;
  return `Records of what ${name} handled are certain for ${longestLookBackDays} days. Those of older events may have expired`;
}
