import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { isLive, parseSecrets } from '../../lambda/zavu/signing-secret.ts';
import { receiverInMemory, type Sent } from '../support/receiver-in-memory.ts';
import { judge, type Taken } from './oracle.ts';
import { unpacked } from './packing.ts';
import { readAgain } from './reading.ts';
import {
  acceptedEventBytes,
  type Case,
  forged,
  genuine,
  hostile,
  live,
  nowSeconds,
  secrets,
  secretText,
} from './requests.ts';

/** How often each status was answered. */
export type Tally = Record<number, number>;

/** What a request came to. */
interface Verdict {
  status: number;
  body: Record<string, unknown>;
  lines: Record<string, unknown>[];
  sent: readonly Sent[];
  /** All that was answered and logged, as text. */
  shown: string;
}

/** What the receiver must hold to for all requests of a kind. */
export interface Property {
  name: string;
  /** @param onRun is told the status of every run */
  of(onRun: (status: number) => void): fc.IAsyncProperty<[Case]>;
}

export const properties: readonly Property[] = [
  property('genuine', genuine, (_given, { status }) => {
    assert.ok([200, 413].includes(status), 'What Zavu signed was refused for its shape.');
  }),
  property('forged', forged),
  property('hostile', hostile),
  property('unlucky', fc.oneof(genuine, forged, hostile), judgeFailures),
];

function property(
  name: string,
  cases: fc.Arbitrary<Case>,
  judgeMore: (given: Case, verdict: Verdict) => void | Promise<void> = () => undefined,
): Property {
  return {
    name,
    of: (onRun) =>
      fc.asyncProperty(cases, async (given) => {
        const verdict = await receive(given);
        onRun(verdict.status);
        judgeAny(given, verdict);
        await judgeMore(given, verdict);
      }),
  };
}

const list = parseSecrets(secretText).filter((secret) => isLive(secret, nowSeconds * 1000));

type Service = 'queue' | 'secrets';

/** Hands a request to the receiver, whose queue or secrets may be unavailable. */
async function receive(
  { request, accepted, hasCanary, maxEventAgeSeconds }: Case,
  failing?: Service,
): Promise<Verdict> {
  // Libraries quote what they choke on, in lines that may look like a stack's.
  const fail = (text: string): never => {
    throw new Error(`${text}\n    at ${text}`, { cause: new TypeError(text) });
  };
  const { handle, lines, sent } = receiverInMemory(list, {
    secrets: {
      current: async () => (failing === 'secrets' ? fail(secretText) : list),
      refreshed: async () => list,
    },
    policy: { accepted, toleranceSeconds: 300, futureToleranceSeconds: 60 },
    maxEventAgeSeconds,
    maxEventBytes: acceptedEventBytes,
    hasCanary,
    answerWithinMs: 3_500,
    now: () => nowSeconds * 1000,
    ...(failing === 'queue' ? { send: async (_to, { body }) => fail(body) } : {}),
  });
  const answer = await handle(request);
  return {
    status: answer.statusCode ?? 0,
    body: JSON.parse(answer.body ?? ''),
    lines: lines.map((line) => JSON.parse(line)),
    sent,
    shown: [JSON.stringify(answer), ...lines].join('\n'),
  };
}

function due({ request, ...terms }: Case): Taken | { problem: string } {
  return judge(request, { ...terms, secrets: live, now: nowSeconds, maxEventBytes: acceptedEventBytes });
}

/** What holds for every request whatsoever. */
function judgeAny(given: Case, verdict: Verdict): void {
  const { status, body, lines, sent, shown } = verdict;
  const judgement = due(given);
  assert.ok([200, 401, 413].includes(status), `A request can make the receiver answer ${status}.`);
  assert.equal(sent.length, status === 200 ? 1 : 0, 'The answer does not say what was sent.');
  for (const secret of secrets) assert.ok(!shown.includes(secret), 'A secret is shown.');

  const [line, ...more] = lines;
  assert.equal(more.length, 0, 'More than one line is logged.');
  const { timestamp: _, ...fields } = line ?? {};
  const common = {
    level: 'INFO',
    message: 'webhook',
    ms: 0,
    ...(given.request.requestContext ? { requestId: 'req_fuzz' } : {}),
  };

  if (status === 200) {
    assert.ok('signed' in judgement, 'Taken, and nothing proves it.');
    judgeTaken(given, judgement, verdict, common, fields);
    return;
  }
  // Words of ours alone: nothing that was sent to us is shown.
  const { reason, detail, scheme = 'v2', ...rest } = fields;
  assert.deepEqual(judgement, { problem: reason }, 'Refused, and not for what is wrong with it.');
  assert.deepEqual(rest, { ...common, status, outcome: 'rejected' });
  assert.deepEqual(body, { error: reason, message: messages[String(reason)] });
  assert.match(String(detail), details);
  assert.match(String(scheme), /^(sha256|v1|v2)$/);
}

/** What holds for what was taken: it lies where it belongs, as it was signed, and says of itself what is true. */
function judgeTaken(
  { accepted }: Case,
  { signed, reading, to, attributes }: Taken,
  { body, sent: [message] }: Verdict,
  common: object,
  { scheme, ...fields }: Record<string, unknown>,
): void {
  assert.ok(message);
  assert.equal(message.to, to);
  assert.deepEqual(message.attributes, attributes);
  assert.match(message.body, takenBySqs, 'SQS may refuse it.');
  assert.ok(Buffer.byteLength(message.body) <= acceptedEventBytes, 'It is larger than the queue takes.');
  const bytes = unpacked({ body: message.body, encoding: attributes.encoding });
  if (reading) {
    const text = signed.toString().replace(/^\ufeff/, '');
    // Escaped characters are the same to every parser, and a worker that reads it finds the same event.
    assert.equal(escaped(bytes.toString()), escaped(text), 'Another event was queued than was signed.');
    assert.deepEqual(readAgain(bytes.toString(), nowSeconds * 1000), reading);
  } else {
    assert.deepEqual(bytes, signed, 'Other bytes were queued than were signed.');
  }

  const id = reading?.id ?? `sha256:${createHash('sha256').update(signed).digest('hex')}`;
  const group = reading?.project ?? reading?.sender ?? 'none';
  assert.deepEqual(body, { received: true, id });
  assert.match(message.group, /^[\w-]{1,128}$/);
  if (/^[\w-]{1,128}$/.test(group)) assert.equal(message.group, group);
  assert.ok(accepted.some((name) => name === scheme));
  const isUnrouted = to === 'unrouted';
  const { id: loggedId, type, project, ...rest } = fields;
  assert.deepEqual(rest, {
    ...common,
    outcome: isUnrouted ? 'unrouted' : 'queued',
    ...(isUnrouted ? { reason: attributes.reason } : { worker: to }),
  });
  judgeLogged(loggedId, id, 200);
  judgeLogged(type, reading?.type ?? 'unreadable', 64);
  if (reading?.project === undefined) assert.equal(project, undefined);
  else judgeLogged(project, reading.project, 200);
}

/** A plain word is logged as it is. What else somebody chose may be cut, or not be logged. */
function judgeLogged(logged: unknown, said: string, most: number): void {
  if (/^[\w.:-]+$/.test(said) && said.length <= most) assert.equal(logged, said);
  else assert.equal(typeof logged, 'string');
}

function escaped(json: string): string {
  return json.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const takenBySqs = /^[\t\n\r -\ud7ff\ue000-\ufffd]+$/;

const messages: Readonly<Record<string, string>> = {
  payload_too_large: 'The event is larger than a queue takes, even compressed.',
  missing_signature: 'The X-Zavu-Signature header is missing.',
  malformed_signature:
    'The X-Zavu-Signature header must be sha256=<hex> or t=<unix seconds>,v1=<hex>,v2=<hex>.',
  tool_call_signature: 'This is an agent tool call. This endpoint takes webhooks.',
  invalid_signature: 'The signature matches no signing secret of this endpoint.',
  stale_signature: 'The signature is too old, or ahead of the clock.',
  stale_event: 'The event is older than this endpoint takes.',
};

const details = new RegExp(
  `^(${[
    'compressed|no_header|tool_call|not_lowercase_hex|no_known_scheme|bad_timestamp',
    'scheme_not_accepted|no_secret_matches|v2_text|secret_bound_elsewhere|too_old|ahead_of_clock',
  ].join('|')})$`,
);

function needsNoSecret({ lines: [line] }: Verdict): boolean {
  const unread = ['no_header', 'tool_call', 'not_lowercase_hex', 'no_known_scheme', 'bad_timestamp'];
  return [...unread, 'scheme_not_accepted', 'v2_text'].includes(String(line?.detail));
}

/** What holds while a service is unavailable: nothing is taken, Zavu is asked to try again, nothing is shown. */
async function judgeFailures(given: Case, verdict: Verdict): Promise<void> {
  for (const service of ['queue', 'secrets'] as const) {
    const { status, body, lines, sent, shown } = await receive(given, service);
    // A header that no secret could prove needs none.
    const isHit = service === 'queue' ? verdict.status === 200 : !needsNoSecret(verdict);
    assert.equal(status, isHit ? 503 : verdict.status);
    assert.equal(sent.length, 0);
    for (const secret of secrets) assert.ok(!shown.includes(secret), 'A secret is shown.');
    if (!isHit) continue;
    assert.deepEqual(body, {
      error: 'unavailable',
      message: 'The event could not be verified or stored. Send it again.',
    });
    const [failure, line, ...more] = lines.map(({ timestamp: _, requestId: __, ...fields }) => fields);
    assert.equal(more.length, 0, 'More than two lines are logged.');
    const { at, ...rest } = failure ?? {};
    assert.deepEqual(rest, { level: 'ERROR', message: 'webhook_failed', error: 'Error < TypeError' });
    for (const frame of at as string[]) assert.match(frame, /^at [\w. <>[\]]+ \(/, 'A message is shown.');
    const reason = 'unavailable';
    assert.deepEqual(line, {
      level: 'INFO',
      message: 'webhook',
      outcome: reason,
      reason,
      detail: 'Error',
      status: 503,
      ms: 0,
    });
  }
}
