import { isOutcome, type LoggedOutcome } from './outcomes.ts';

/** What a field takes. Each kind gives what is logged of a value, or undefined if the value does not fit. */
const kinds = {
  /** A word of ours, or a code from outside: a type, a channel, a carrier's number. Never a sentence. */
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
  number: (value: unknown) => (Number.isFinite(value) ? value : undefined),
  /** Paths of a schema, with a comma between two, or one of the phrases for data as a whole. */
  path: (value: unknown) =>
    typeof value === 'string' && (phrases.has(value) || /^[\w*.,-]{1,200}$/.test(value)) ? value : undefined,
  /** Names of an error and its causes, as `errorFields` gives them. */
  error: (value: unknown) =>
    typeof value === 'string' && value.split(' < ', 10).every((name) => isWord(name) || isPlaceholder(name))
      ? value.slice(0, 400)
      : undefined,
  /** Frames of a stack, as `errorFields` gives them. What does not look like one is left out. */
  frames: (value: unknown) =>
    Array.isArray(value) ? value.filter((frame) => isFrame(frame)).slice(0, maxFrames) : undefined,
} as const;

type Kind = keyof typeof kinds;

/** What `lambda/zavu/drift.ts` says of data as a whole. */
const phrases: ReadonlySet<string> = new Set(['(root)', '(too large to compare)', '(more)']);

const maxId = 200;

/** How many frames of a stack are logged: the place, and how the code came there. */
export const maxFrames = 3;

/**
 * The fields that a log line may carry, and what each of them takes. No secret, signature, body, text, address or
 * phone number can reach a log by accident: what is not named here does not compile and is left out, and a value
 * that does not fit is logged as its type's name (`(text)`, `(object)`).
 */
const fields = {
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
  retryInSeconds: 'number',
  ms: 'number',
  requestId: 'id',
  /** What the lines of one event share, in the receiver and in its worker. */
  trace: 'id',
  /** Class of an error and of its causes. Never its message: messages quote what they choke on. */
  error: 'error',
  /** Top frames of an error's stack, without its message. */
  at: 'frames',
  /** Where (never how) an event's data differs from its schema. */
  path: 'path',
  messageId: 'id',
  templateId: 'id',
  conversationId: 'id',
  callId: 'id',
  broadcastId: 'id',
  invitationId: 'id',
  /** What an event says has become of something: `completed`, `rejected`. */
  state: 'word',
  channel: 'word',
  /** What a message wants, or what a failure asks for. */
  intent: 'word',
  errorCode: 'word',
  lagMs: 'number',
} as const satisfies Record<string, Kind>;

/** The types of fields that are no texts. */
interface Values {
  number: number;
  frames: readonly string[];
  outcome: LoggedOutcome;
}

type ValueOf<K extends Kind> = K extends keyof Values ? Values[K] : string;

/** Fields of a log line. One that is null or undefined is left out. */
export type LogFields = {
  [Name in keyof typeof fields]?: ValueOf<(typeof fields)[Name]> | null | undefined;
};

const takers: ReadonlyMap<string, (value: unknown) => unknown> = new Map(
  Object.entries(fields).map(([name, kind]) => [name, kinds[kind]]),
);

/**
 * Adds fields to a line. Their types are no proof: an event whose data drifted has an object, or a customer's text,
 * where its type says that there is a code.
 *
 * @param line gets fields of the list alone, each of a few hundred characters of ASCII at most
 */
export function withFields(line: Record<string, unknown>, given: LogFields): Record<string, unknown> {
  for (const name of Object.keys(given)) {
    const take = takers.get(name);
    if (!take) continue;
    try {
      const value: unknown = given[name as keyof LogFields];
      if (value !== undefined && value !== null) line[name] = take(value) ?? placeholder(value);
    } catch {
      line[name] = '(unreadable)';
    }
  }
  return line;
}

/** A word, as `message` and most fields take it. */
export function isWord(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 64 &&
    /^[\w$.:+-]+$/.test(value) &&
    !isPhoneNumber(value) &&
    // WhatsApp writes a number without its plus. No code has so many digits (lambda/messages/field.ts).
    !/\d{8}/.test(value)
  );
}

/** A telephone number in its international form is nobody's code and nobody's id. */
function isPhoneNumber(text: string): boolean {
  return text.startsWith('+') && /^\+\d{7,}$/.test(text);
}

/** What stands for a value that is not logged. */
export function placeholder(value: unknown): string {
  return `(${typeof value === 'string' ? 'text' : typeof value})`;
}

function isPlaceholder(text: string): boolean {
  return /^\([a-z]{1,10}\)$/.test(text);
}

/**
 * Whether a line is a frame of V8's stacks: `at`, a name, and a place in a file. So strict, because the lines of an
 * error's message may look like frames.
 *
 * @see https://v8.dev/docs/stack-trace-api
 */
export function isFrame(line: unknown): line is string {
  return typeof line === 'string' && line.length <= 300 && frame.test(line);
}

const frame =
  /^at (?:async |new )?(?:[\w$.<>#]+(?: \[as [\w$.]+\])? \()?(?:file:\/\/|node:|\/|[A-Za-z]:[\\/])[\w$./\\@%~+?=-]+:\d+:\d+\)?$/;
