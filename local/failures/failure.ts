import type { Described, FailedAttempt } from '../runtime/functions/observation.ts';
import { framesOf } from './frames.ts';
import type { Place, SourcePlaces } from './source-places.ts';

/** What was thrown, and where. */
export interface Failure {
  /** The class of the error; the type of what is no error. */
  name: string;
  message: string;
  /** From the nearest to the deepest. */
  causes: readonly { name: string; message: string }[];
  /** Undefined if no source is known. */
  place: Place | undefined;
}

/** An attempt that failed. */
export interface AttemptFailure extends Failure {
  id: string;
  type: string;
  worker: string;
  /** Which attempt it was, of how many. */
  attempt: number;
  attempts: number;
}

/** Finds out where something was thrown. */
export function failureOf(
  { name, message, causes, stack }: Described,
  places: SourcePlaces,
  module: string,
): Failure {
  return { name, message, causes, place: places.find(framesOf(stack), module) };
}

/** An attempt that failed, with its place. */
export function attemptFailureOf(
  { id, type, worker, attempt, attempts, error }: FailedAttempt,
  places: SourcePlaces,
  module: string,
): AttemptFailure {
  return { id, type, worker, attempt, attempts, ...failureOf(error, places, module) };
}
