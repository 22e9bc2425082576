import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createHandler } from '../../lambda/receiver/handler.ts';
import { createRecentIds } from '../../lambda/receiver/recent-ids.ts';
import { isLive, parseSecrets } from '../../lambda/receiver/signing-secret.ts';
import { workerFor } from '../../lambda/routes.ts';
import { createLogger } from '../../lambda/shared/log.ts';
import { bytesOf, type Judgement, judge } from './oracle.ts';
import {
  type Case,
  forged,
  genuine,
  hostile,
  live,
  maxEventBytes,
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
  sent: { to: string; body: string }[];
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
    assert.ok([200, 413].includes(status), 'A genuine event was refused.');
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

/** Hands a request to the receiver, whose queue or secrets may be out of reach. */
async function receive({ request, accepted }: Case, failing?: Service): Promise<Verdict> {
  const lines: string[] = [];
  const sent: { to: string; body: string }[] = [];
  // Libraries quote what they choke on, in lines that may look like a stack's.
  const use = (service: Service, text: string) => {
    if (service === failing) throw new Error(`${text}\n    at ${text}`, { cause: new TypeError(text) });
  };
  const handle = createHandler({
    secrets: {
      async current() {
        use('secrets', secretText);
        return list;
      },
      refreshed: async () => list,
    },
    policy: { accepted, toleranceSeconds: 300, futureToleranceSeconds: 60 },
    maxEventAgeSeconds: Number.POSITIVE_INFINITY,
    maxEventBytes,
    recentIds: createRecentIds(),
    hasCanary: true,
    answerWithinMs: 3_500,
    async send(to, { body }) {
      use('queue', body);
      sent.push({ to, body });
    },
    now: () => nowSeconds * 1000,
    log: createLogger({}, (line) => lines.push(line)),
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

function due({ request, accepted }: Case): Judgement {
  return judge(request, { secrets: live, accepted, now: nowSeconds, maxEventBytes });
}

/** What holds for every request whatsoever. */
function judgeAny(given: Case, { status, body, lines, sent, shown }: Verdict): void {
  const { request, accepted } = given;
  const judgement = due(given);
  assert.ok([200, 400, 401, 413].includes(status), `A request can make the receiver answer ${status}.`);
  assert.equal(sent.length, status === 200 ? 1 : 0, 'The answer does not say what was sent.');
  for (const secret of secrets) assert.ok(!shown.includes(secret), 'A secret is shown.');

  const [line, ...more] = lines;
  assert.equal(more.length, 0, 'More than one line is logged.');
  const { timestamp: _, ...fields } = line ?? {};
  const common = {
    level: 'INFO',
    message: 'webhook',
    status,
    ms: 0,
    ...(request.requestContext ? { requestId: 'req_fuzz' } : {}),
  };

  const [message] = sent;
  if (message) {
    assert.ok('signed' in judgement, 'Taken, and nothing proves it.');
    const event = JSON.parse(judgement.signed);
    assert.deepEqual(JSON.parse(message.body), event, 'Another event was queued than was signed.');
    assert.match(message.body, /^[\t\n\r\x20-\x7e]*$/, 'SQS may refuse it.');
    assert.ok(message.body.length <= maxEventBytes, 'It is larger than the queue takes.');
    const worker = workerFor(event.type);
    assert.equal(message.to, worker ?? 'parking');
    assert.deepEqual(body, { received: true, id: event.id });
    const { scheme, ...rest } = fields;
    assert.ok(accepted.some((name) => name === scheme));
    assert.deepEqual(rest, {
      ...common,
      outcome: worker ? 'queued' : 'parked',
      id: idInLog(event.id),
      type: /^[\w$.:+-]{1,64}$/.test(event.type) ? event.type : '(text)',
      ...(event.projectId ? { project: idInLog(event.projectId) } : {}),
      ...(worker ? { worker } : {}),
    });
    return;
  }

  // Words of ours alone: nothing that was sent to us is shown.
  const { reason, detail, scheme = 'v2', ...rest } = fields;
  assert.deepEqual(judgement, { problem: reason }, 'Refused, and not for what is wrong with it.');
  assert.deepEqual(rest, { ...common, outcome: 'rejected' });
  assert.deepEqual(body, { error: reason, message: messages[String(reason)] });
  assert.match(String(detail), details);
  assert.match(String(scheme), /^(sha256|v1|v2)$/);
}

/** An id as the log has it: printable ASCII without blanks, of at most 200 characters, or not at all. */
function idInLog(id: string): string {
  if (!/^[!-~]+$/.test(id.slice(0, 200))) return '(text)';
  return id.length > 200 ? `${id.slice(0, 200)}...` : id;
}

const messages: Readonly<Record<string, string>> = {
  payload_too_large: 'The event is larger than a queue message may be.',
  missing_signature: 'The X-Zavu-Signature header is missing.',
  malformed_signature:
    'The X-Zavu-Signature header must be sha256=<hex> or t=<unix seconds>,v1=<hex>,v2=<hex>.',
  tool_call_signature: 'This is an agent tool call. This endpoint takes webhooks.',
  invalid_signature: 'The signature matches no signing secret of this endpoint.',
  stale_signature: 'The signature is too old, or ahead of the clock.',
  invalid_json: 'The body is not JSON.',
  invalid_event: 'The body is not an event: it needs id, type, timestamp and data.',
};

const details = new RegExp(
  `^(${[
    'body|escaped_body|syntax|no_header|tool_call|not_lowercase_hex|no_known_scheme|bad_timestamp',
    'scheme_not_accepted|no_secret_matches|v2_text|secret_bound_elsewhere|too_old|ahead_of_clock|compressed',
  ].join('|')})$`,
);

function needsNoSecret({ lines: [line] }: Verdict): boolean {
  const details = ['no_header', 'tool_call', 'not_lowercase_hex', 'no_known_scheme', 'bad_timestamp'];
  return [...details, 'scheme_not_accepted', 'v2_text'].includes(String(line?.detail));
}

/** What holds while a service is out of reach: nothing is taken, Zavu is asked to try again, nothing is shown. */
async function judgeFailures(given: Case, verdict: Verdict): Promise<void> {
  const tooLarge = bytesOf(given.request).length > maxEventBytes;
  for (const service of ['queue', 'secrets'] as const) {
    const { status, body, lines, sent, shown } = await receive(given, service);
    // A header that no secret could prove needs none.
    const isHit = service === 'queue' ? verdict.status === 200 : !tooLarge && !needsNoSecret(verdict);
    assert.equal(status, isHit ? 503 : verdict.status);
    assert.equal(sent.length, 0);
    for (const secret of secrets) assert.ok(!shown.includes(secret), 'A secret is shown.');
    if (!isHit) continue;
    assert.deepEqual(body, {
      error: 'unavailable',
      message: 'The event could not be stored. Send it again.',
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
