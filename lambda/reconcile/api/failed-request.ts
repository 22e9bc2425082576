import { APIError } from '@zavudev/sdk';
import { UnreadableAnswer } from './answer.ts';

/** Why a request failed. It has nothing of the request or of the answer's body in it. */
export interface FailedRequest {
  /** None if there was no answer, or one that cannot be read. */
  status?: number;
  /** Whether the same request may succeed later. */
  isTransient: boolean;
  /** How long Zavu asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** A part of a sentence. */
  reason: string;
}

/** Statuses below 500 after which a request may be repeated: those after which the SDK repeats one. */
const transientStatuses: readonly number[] = [408, 409, 429];

/**
 * Reads what a call of the SDK threw.
 *
 * @param now in milliseconds since the epoch
 */
export function failedRequest(error: unknown, now: number): FailedRequest {
  if (error instanceof UnreadableAnswer) {
    return { isTransient: true, reason: 'the answer was not as documented' };
  }
  // The SDK's error for a request without an answer is an APIError too, without a status.
  const { status, headers } = error instanceof APIError ? error : {};
  if (status === undefined) return { isTransient: true, reason: `there was no answer${codeOf(error)}` };
  const retryAfterMs = retryAfterOf(headers?.get('retry-after'), now);
  return {
    status,
    isTransient: status >= 500 || transientStatuses.includes(status),
    reason: `the answer was ${status}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The code of Node's network error, such as `ECONNREFUSED`, in brackets. Messages may quote what was sent. */
function codeOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string' && /^[A-Z_\d]+$/.test(each.code)) {
      return ` (${each.code})`;
    }
  }
  return '';
}

/**
 * The wait that a Retry-After header asks for, in milliseconds: seconds, or a date.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
function retryAfterOf(value: string | null | undefined, now: number): number | undefined {
  if (!value) return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
