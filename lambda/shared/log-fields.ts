import { isFrame, isPhoneNumber, isTypeName, isWord, maxFrames, placeholder } from './log-values.ts';
import { isOutcome, type LoggedOutcome } from './outcomes.ts';

/** The kinds of fields. Each gives what is logged of a value, or undefined if the value does not fit. */
const kinds = {
  /** A word of this code, or a code from outside: a type, a channel, a carrier's number. Never a sentence. */
  word: (value: unknown) => (isWord(value) ? value : undefined),
  /** What became of an event: a word that people search the logs for. */
  outcome: (value: unknown) => (isOutcome(value) ? value : undefined),
  /** An id from outside: printable ASCII without blanks. A long one is cut, and ends in `...`. */
  id(value: unknown) {
    if (typeof value !== 'string' || value === '') return undefined;
    const short = value.length > maxId ? value.slice(0, maxId) : value;
    if (!/^[\x21-\x7e]+$/.test(short) || isPhoneNumber(short)) return undefined;
    return short === value ? value : `${short}...`;
  },
  /** A point in time, in ISO 8601. */
  time: (value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z$/.test(value) ? value : undefined,
  number: (value: unknown) => (Number.isFinite(value) ? value : undefined),
  /** Something that holds. If it does not hold, the field is left out. */
  flag: (value: unknown) => (value === true ? value : undefined),
  /** Paths of a schema, separated by commas, or one of the phrases for data as a whole. */
  path: (value: unknown) =>
    typeof value === 'string' && (phrases.has(value) || /^[\w*.,-]{1,200}$/.test(value)) ? value : undefined,
  /** Names of an error and its causes, as `errorFields` gives them. */
  error: (value: unknown) =>
    typeof value === 'string' && value.split(' < ', 10).every((name) => isWord(name) || isTypeName(name))
      ? value.slice(0, 400)
      : undefined,
  /** Frames of a stack, as `errorFields` gives them. What does not look like one is left out. */
  frames: (value: unknown) =>
    Array.isArray(value) ? value.filter((frame) => isFrame(frame)).slice(0, maxFrames) : undefined,
} as const;

export type Kind = keyof typeof kinds;

/** What `lambda/zavu/drift.ts` says about data as a whole. */
const phrases: ReadonlySet<string> = new Set(['(root)', '(too large to compare)', '(more)']);

const maxId = 200;

/**
 * The fields that a log line may carry, and what each of them takes. No secret, signature, body, text, address or phone
 * number can reach a log by accident: a field that is not named here does not compile and is left out, and a value that
 * does not fit is logged as the name of its type (`(text)`, `(object)`).
 */
export const knownFields = {
  outcome: 'outcome',
  reason: 'word',
  /** A closer reason, from a fixed set of words or of schema paths. */
  detail: 'path',
  status: 'number',
  scheme: 'word',
  id: 'id',
  type: 'word',
  project: 'id',
  worker: 'word',
  attempt: 'number',
  /** The forced replay that a message belongs to. */
  replay: 'id',
  /** Whether an event was rebuilt of what Zavu's API says. */
  reconciled: 'flag',
  retryInSeconds: 'number',
  ms: 'number',
  /** 1 if an event was handled later than its level allows, or is dead-lettered; 0 if it was handled in time. */
  late: 'number',
  requestId: 'id',
  /** The id by which X-Ray has a recorded request (trace.ts). */
  trace: 'id',
  /** Class of an error and of its causes. Never its message, because messages quote the data that caused the error. */
  error: 'error',
  /** Top frames of an error's stack, without its message. */
  at: 'frames',
  /** The path at which an event's data differs from its schema, and never the value. */
  path: 'path',
  messageId: 'id',
  templateId: 'id',
  conversationId: 'id',
  callId: 'id',
  broadcastId: 'id',
  invitationId: 'id',
  /** The state that an event reports: `completed`, `rejected`. */
  state: 'word',
  channel: 'word',
  /** What a message asks for, or what you should do about a failure. */
  intent: 'word',
  errorCode: 'word',
  lagMs: 'number',
  senderId: 'id',
  /** A list of Zavu's API. */
  list: 'word',
  /** How many states were compared, were known, were recovered, and could not be rebuilt. */
  looked: 'number',
  had: 'number',
  recovered: 'number',
  impossible: 'number',
  /** Times at which recovered events happened, in ISO 8601. */
  happenedAt: 'time',
  first: 'time',
  last: 'time',
} as const satisfies Record<string, Kind>;

/** The types of fields that are no texts. */
interface Values {
  number: number;
  flag: true;
  frames: readonly string[];
  outcome: LoggedOutcome;
}

/** The type of the values that a field of a kind takes. */
export type ValueOf<K extends Kind> = K extends keyof Values ? Values[K] : string;

/** Fields of a log line. One that is null or undefined is left out. */
export type LogFields = {
  [Name in keyof typeof knownFields]?: ValueOf<(typeof knownFields)[Name]> | null | undefined;
};

/**
 * Adds fields to a line. Their types prove nothing: data that has drifted may have an object or a customer's text in a
 * field that is a code by its type.
 *
 * @param line gets fields of the list alone, each of a few hundred characters of ASCII at most
 * @param list the fields that may be logged, and their kinds
 */
export function withFields(
  line: Record<string, unknown>,
  given: LogFields,
  list: Readonly<Record<string, Kind>> = knownFields,
): Record<string, unknown> {
  for (const name of Object.keys(given)) {
    const kind = Object.hasOwn(list, name) && list[name];
    if (!kind) continue;
    try {
      const value: unknown = given[name as keyof LogFields];
      if (value !== undefined && value !== null) line[name] = kinds[kind](value) ?? placeholder(value);
    } catch {
      line[name] = '(unreadable)';
    }
  }
  return line;
}
