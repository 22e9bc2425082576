import { pathToFileURL } from 'node:url';
import type { SQSEvent } from 'aws-lambda';
import { readQueuedEvent } from '../../lambda/queued-event/queued-event.ts';
import { isRecord } from '../../lambda/shared/json.ts';
import { parseOutcome } from '../report/outcome-line.ts';
import type { InvocationEnd } from '../runtime/functions/invocation.ts';
import { type Failure, failureOf } from './failure.ts';
import { framesOf } from './frames.ts';
import { bundleDirectory, type Place, type SourcePlaces } from './source-places.ts';

/** An invocation that gave no result, and what comes of it. */
export interface Interruption {
  reason: string;
  /** The events that it had begun and not finished. */
  events: readonly { id: string; type: string }[];
  /** Seconds until they come back; undefined if no queue holds them. */
  backInSeconds: number | undefined;
  /** What nobody caught; undefined if something else ended it. */
  uncaught: Failure | undefined;
  /** Whether that was the reason of a promise that nobody awaits. */
  isRejection: boolean;
  /** Where it was: at its time-out, or as it called `process.exit()`. */
  place: Place | undefined;
  /** Whether no code ran at the time-out: it waited for something. */
  isWaiting: boolean;
}

interface Surroundings {
  places: SourcePlaces;
  /** The entry of the function's bundle. */
  module: string;
  /** Of the queue that the function is invoked for; undefined if there is none. */
  visibilityTimeoutSeconds: number | undefined;
}

/** What is known of an invocation that gave no result. */
export function interruptionOf(
  { reason, event, printed, seen, paused, durationMs }: InvocationEnd,
  { places, module, visibilityTimeoutSeconds }: Surroundings,
): Interruption {
  const bundle = pathToFileURL(bundleDirectory(module)).href;
  const at = paused?.map(({ url, ...frame }) => ({ ...frame, file: url }));
  const place = places.find(seen?.saw === 'exit' ? framesOf(seen.stack) : (at ?? []), module);
  return {
    reason,
    events: unfinished(event, printed),
    backInSeconds:
      visibilityTimeoutSeconds === undefined
        ? undefined
        : Math.max(0, Math.round(visibilityTimeoutSeconds - durationMs / 1000)),
    uncaught: seen?.saw === 'uncaught' ? failureOf(seen.error, places, module) : undefined,
    isRejection: seen?.saw === 'uncaught' && seen.isRejection,
    place,
    isWaiting: paused !== undefined && !paused.some(({ url }) => url.startsWith(`${bundle}/`)),
  };
}

/** The events of a batch that no line has said the outcome of. */
function unfinished(event: unknown, printed: readonly string[]): { id: string; type: string }[] {
  const finished = new Set(printed.map((line) => parseOutcome(line)?.id));
  if (!isRecord(event) || !Array.isArray(event.Records)) return [];
  // What an event source of the local run has made.
  const { Records } = event as unknown as SQSEvent;
  return Records.flatMap((record) => {
    const { envelope } = readQueuedEvent(record);
    return envelope && !finished.has(envelope.id) ? [{ id: envelope.id, type: envelope.type }] : [];
  });
}
