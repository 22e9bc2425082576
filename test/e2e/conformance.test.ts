import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { guideTypes, sample, sampleTypes } from '../../lambda/zavu/samples.ts';
import { type SenderScheme, senderSchemes, sign } from '../../lambda/zavu/sign.ts';
import type { Scheme } from '../../lambda/zavu/signature.ts';
import { schemes } from '../../lambda/zavu/signature.ts';
import { eventually } from '../support/eventually.ts';
import { exchange, type RawAnswer } from '../support/raw-http.ts';
import { mac, signBytes } from '../support/signature.ts';
import { type ReportLine, StartedStack } from '../support/started-stack.ts';
import { clockAhead, deployedTarget, restingIn } from '../support/target.ts';
import { timeoutMs } from '../support/test-timing.ts';

/**
 * What Zavu's contract asks of any deployment, judged by its answers. `ZAVU_WEBHOOK_URL` and
 * `ZAVU_WEBHOOK_SECRET` name a deployed one; without them a local stack is started, and then it is judged too
 * what became of each event.
 */
const deployed = deployedTarget();

/** Largest event that is taken as it is. A larger one is compressed. */
const limit = 1_046_528;

interface Target {
  url: string;
  secrets: readonly string[];
}

/** Batches at once of the second stack, for each worker. */
const pollers = 2;

/** A secret of the local stack that is one sender's. */
const boundSecret = 'whsec_bound_c0ffee';

let target: Target;
/** The local stack, for a look behind the answer. */
let stack: StartedStack | undefined;
/** A second one, which takes `v2` alone and handles little at once. */
let hardened: StartedStack | undefined;
/** What was signed of an event that lies in the unrouted queue of the first, by its id. */
let unroutedBytes: ((id: string) => Promise<Buffer>) | undefined;
let aheadMs = 0;

beforeAll(async () => {
  if (deployed) {
    target = deployed;
    aheadMs = await clockAhead(target.url);
    return;
  }
  const secrets = ['whsec_first_9f3a2b1c', 'whsec_second_77aa01'];
  const list = [...secrets, { secret: boundSecret, sender: 'snd_bound' }];
  [stack, hardened] = await Promise.all([
    StartedStack.start({ env: { ZAVU_WEBHOOK_SECRET: JSON.stringify(list) } }),
    StartedStack.start({
      settings: { acceptedSignatures: 'v2', workerMaxConcurrency: String(pollers) },
    }),
  ]);
  target = { url: stack.ready.url, secrets };
  unroutedBytes = restingIn(stack, 'ReceiverUnroutedQueue');
});
afterAll(async () => {
  await Promise.all([stack?.stop(), hardened?.stop()]);
  expect(refused.filter(({ id }) => isKnown(id))).toEqual([]);
});

/** A test that is skipped, by its name and with the reason, where something does not hold. */
const testIf = (holds: boolean, reason: string) =>
  holds ? test : (name: string, body: () => Promise<void>) => test.skip(`${name} (skipped: ${reason})`, body);
const testLocally = (reason: string) => testIf(!deployed, `deployed, and ${reason}`);

const accepted: readonly Scheme[] = deployed?.accepted ?? ['sha256', 'v1', 'v2'];
const isAccepted = (scheme: SenderScheme) =>
  scheme.split('+').some((name) => accepted.some((other) => other === name));
/** A test of requests that are signed with a scheme, which the deployment must take. */
const testWith = (scheme: SenderScheme) => testIf(isAccepted(scheme), `${scheme} is not accepted`);
/** What a request is signed with where its scheme is not what is tested. */
const usual = accepted.at(-1) ?? 'v2';

const run = `conformance_${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
let count = 0;
const newId = () => `${run}_${++count}`;

function event(text = 'hello', id = newId(), type = 'message.inbound') {
  const messageId = `msg_${id}`;
  const data = { messageId, from: '+56912345678', to: '+14155551234', channel: 'whatsapp', text };
  return { id, type, timestamp: Date.now(), projectId: 'prj_1', data };
}
const inbound = (text?: string, id?: string) => event(text, id);
/** An event that nobody handles: it is unrouted as it came, where it can be compared. */
const unrouted = (text?: string, id?: string) => event(text, id, 'conformance.unrouted');

/** The server's clock. */
const nowSeconds = () => Math.floor((Date.now() + aheadMs) / 1000);

interface Posting {
  scheme?: SenderScheme;
  secret?: string | undefined;
  at?: number;
  /** In place of the signature: one header, several, or none. */
  signature?: string | string[] | null;
  /** null leaves it out. */
  contentType?: string | null;
  headers?: Record<string, string>;
  pieces?: number;
  to?: Target;
}

/** Posts an event, or a body as it stands; again while a busy machine answers 5xx, as Zavu does. */
async function post(what: object | string | Buffer, options: Posting = {}): Promise<RawAnswer> {
  let answer: RawAnswer | undefined;
  await eventually(
    async () => {
      answer = await postOnce(what, options);
      return answer.status < 500;
    },
    () => `an answer below 500; the last was ${answer?.status}`,
  );
  if (!answer) throw new Error('unreachable');
  return answer;
}

function postOnce(what: object | string | Buffer, options: Posting): Promise<RawAnswer> {
  const { scheme = usual, to = target, at = nowSeconds(), contentType = 'application/json' } = options;
  const { secret = to.secrets[0] ?? '', signature, headers = {}, pieces = 1 } = options;
  const body = Buffer.isBuffer(what)
    ? what
    : Buffer.from(typeof what === 'string' ? what : JSON.stringify(what));
  for (const each of [stack, hardened]) each?.confide(body.toString());
  return exchange(to.url, {
    headers: {
      ...(contentType === null ? {} : { 'content-type': contentType }),
      ...(signature === null ? {} : { 'x-zavu-signature': signature ?? signBytes(body, scheme, secret, at) }),
      ...headers,
    },
    body,
    pieces,
  });
}

/** Events that must not be met behind the receiver, however late, with the test that sent them. */
const refused: { id: string; test: string | undefined }[] = [];
const isKnown = (id: string) => [stack, hardened].some((each) => (each?.of(id) ?? []).length > 0);

/** An event's fields that decide what becomes of it. */
interface Sent {
  id?: unknown;
  projectId?: unknown;
  senderId?: unknown;
  data?: unknown;
}

const digest = (what: string | Buffer) => `sha256:${createHash('sha256').update(what).digest('hex')}`;
/** JSON as it lies in a queue. */
const ascii = (text: string) =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** Of a sender or a project. */
const isId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= 256 && id.isWellFormed();

/** The id by which an event is known: its own, or its text's where it has none that can be used. */
function idOf({ id }: Sent, text: string): string {
  if (typeof id === 'string' && /^[!-~]{1,200}$/.test(id)) return id;
  return Number.isSafeInteger(id) ? String(id) : digest(ascii(text));
}

/** What a handler hands on: the id and, where the event names one, its owner. */
function keyOf(id: string, { projectId, senderId }: Sent): string {
  const pair = [projectId, senderId].map((name) => (isId(name) ? name : null));
  if (pair.every((name) => name === null)) return id;
  return `${id}:${createHash('sha256').update(JSON.stringify(pair)).digest('hex').slice(0, 32)}`;
}

/**
 * Judges the answer to an event that must be taken, and that its handler got the text, once.
 *
 * @param text what was sent, where it is not the event's own JSON
 */
async function expectHandled(answer: RawAnswer, sent: Sent, text = JSON.stringify(sent)): Promise<void> {
  const id = idOf(sent, text);
  expect(answer).toMatchObject({ status: 200, body: { received: true, id } });
  if (!stack) return;
  await stack.until(id, ['handled']);
  const said = Object(sent.data).text ?? '';
  expect(stack.effects(id)).toEqual([{ id, attempt: 1, idempotencyKey: keyOf(id, sent), text: said }]);
}

/** Judges the answer to what must be taken and unrouted, and that it rests as it was signed. */
async function expectUnrouted(
  answer: RawAnswer,
  id: string,
  signed: string | Buffer,
  reason = 'unknown_type',
): Promise<void> {
  expect(answer).toMatchObject({ status: 200, body: { received: true, id } });
  if (!stack) return;
  await stack.until(id, ['unrouted']);
  expect(stack.of(id, 'unrouted')).toContainEqual(expect.objectContaining({ reason }));
  const bytes = await unroutedBytes?.(id);
  // Not by a matcher, which would print megabytes.
  const isSame = Buffer.isBuffer(signed) ? bytes?.equals(signed) : ascii(String(bytes)) === ascii(signed);
  expect(isSame).toBe(true);
}

/** Judges the answer to what is signed and can be read by nobody. */
async function expectUnreadable(answer: RawAnswer, signed: Buffer): Promise<void> {
  await expectUnrouted(answer, digest(signed), signed, 'unreadable');
}

function expectRefused(answer: RawAnswer, status: number, error: string, id?: string): void {
  expect(answer).toMatchObject({ status, body: { error, message: expect.any(String) } });
  if (!id) return;
  expect(isKnown(id)).toBe(false);
  refused.push({ id, test: expect.getState().currentTestName });
}

describe.each(senderSchemes)("the guide's samples signed with %s", (scheme) => {
  for (const type of guideTypes) {
    testWith(scheme)(`${type}: taken every time, handled once`, async () => {
      const { id, answers } = await copiesOf(type, scheme);
      expect(answers).toHaveLength(7);
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 200, body: { received: true, id } });

      if (!stack) return;
      await stack.until(id, ['handled', 'duplicate'], answers.length);
      expect(stack.of(id, 'handled')).toHaveLength(1);
      expect(stack.of(id, 'dead_lettered')).toHaveLength(0);
      expect(stack.effects(id)).toHaveLength(1);
    });
  }
});

async function sendCopies(type: string, scheme: SenderScheme): Promise<{ id: string; answers: RawAnswer[] }> {
  const text = sample(type);
  const { id: original }: { id: string } = JSON.parse(text);
  const id = newId();
  const body = text.replace(original, id);
  const signed = () => post(body, { signature: sign(body, target.secrets[0] ?? '', scheme, nowSeconds()) });

  const answers: RawAnswer[] = [];
  for (let time = 0; time < 5; time++) answers.push(await signed());
  answers.push(...(await Promise.all([signed(), signed()])));
  return { id, answers };
}

/** By type and scheme. All at once, because a copy that meets the first in progress waits for it. */
const sending = new Map<string, ReturnType<typeof sendCopies>>();

function copiesOf(type: string, scheme: SenderScheme): ReturnType<typeof sendCopies> {
  if (sending.size === 0) {
    for (const each of senderSchemes.filter(isAccepted)) {
      for (const of of guideTypes) {
        const copies = sendCopies(of, each);
        // Whoever asks for them is told.
        copies.catch(() => undefined);
        sending.set(`${of} ${each}`, copies);
      }
    }
  }
  return sending.get(`${type} ${scheme}`) ?? sendCopies(type, scheme);
}

describe('every event type of the contract', () => {
  test.each(sampleTypes)('%s', async (type) => {
    const happened = { ...JSON.parse(sample(type)), id: newId() };
    await expectHandled(await post(happened), happened);
  });

  test.each(['a.type.of.tomorrow', 'constructor', '__proto__', ' ', 'Message.Inbound', 'ñ'])(
    'unknown, %j: taken and unrouted',
    async (type) => {
      const happened = event('', newId(), type);
      await expectUnrouted(await post(happened), happened.id, JSON.stringify(happened));
    },
  );

  test('thin data, and fields that nobody knows', async () => {
    const happened = { ...inbound(), data: {}, tomorrow: [1] };
    await expectHandled(await post(happened), happened);
  });
});

describe('the signature header', () => {
  /** What a test makes of the parts of a header: the time, and the hex of v1 and v2. */
  type Write = (t: number, v1: string, v2: string) => string | string[];
  const withHeader = (body: string, write: Write) => {
    const [t, secret = ''] = [nowSeconds(), target.secrets[0]];
    return post(body, { signature: write(t, mac(secret, body), mac(secret, `${t}.`, body)) });
  };

  describe('is read leniently:', () => {
    const cases: [string, Write][] = [
      ['spaces around its parts', (t, _, v2) => ` t = ${t} ,  v2 = ${v2} `],
      ['a scheme that nobody knows', (t, _, v2) => `t=${t},v3=00,v2=${v2}`],
      ['parts that are none', (t, _, v2) => `,t=${t},,nonsense,=,x=,v2=${v2},`],
      ['v2 before t', (t, _, v2) => `v2=${v2},t=${t}`],
      ['v1 before v2 before t', (t, v1, v2) => `v1=${v1},v2=${v2},t=${t}`],
      ['two values of v2, one of them right', (t, v1, v2) => `t=${t},v2=${v1},v2=${v2}`],
      ['two values of v2, one of them no hex', (t, _, v2) => `t=${t},v2=no hex,v2=${v2}`],
      ['a v1 that is no hex', (t, _, v2) => `t=${t},v1=no hex,v2=${v2}`],
      ['a v1 that is wrong', (t, _, v2) => `t=${t},v1=${v2},v2=${v2}`],
      ['a sha256 that is empty', (t, _, v2) => `sha256=,t=${t},v2=${v2}`],
      ['sent twice, t in one and v2 in the other', (t, _, v2) => [`t=${t}`, `v2=${v2}`]],
      ['sent twice, one of a scheme that nobody knows', (t, _, v2) => ['v3=00', `t=${t},v2=${v2}`]],
    ];
    for (const [name, write] of cases) {
      testWith('v2')(name, async () => {
        const happened = inbound();
        await expectHandled(await withHeader(JSON.stringify(happened), write), happened);
      });
    }

    testWith('sha256')('sent twice, with sha256 both times', async () => {
      const happened = inbound();
      const write: Write = (_, v1) => [`sha256=${v1}`, `sha256=${v1}`];
      await expectHandled(await withHeader(JSON.stringify(happened), write), happened);
    });

    test('its name in capitals', async () => {
      const [happened, at] = [inbound(), nowSeconds()];
      const body = JSON.stringify(happened);
      const signature = signBytes(Buffer.from(body), usual, target.secrets[0] ?? '', at);
      const headers = { 'X-ZAVU-SIGNATURE': signature };
      await expectHandled(await post(body, { signature: null, headers }), happened);
    });
  });

  describe('proves nothing:', () => {
    const cases: [string, Write | null, string][] = [
      ['none', null, 'missing_signature'],
      ['empty', () => '', 'missing_signature'],
      ['blank', () => '  ', 'missing_signature'],
      ["an agent tool call's", (_t, v1) => v1, 'tool_call_signature'],
      ['no known scheme', (t) => `t=${t},v9=00`, 'malformed_signature'],
      ['the scheme in capitals', (t, _, v2) => `t=${t},V2=${v2}`, 'malformed_signature'],
      ['upper-case hex', (t, _, v2) => `t=${t},v2=${v2.toUpperCase()}`, 'malformed_signature'],
      ['hex cut short', (t, _, v2) => `t=${t},v2=${v2.slice(1)}`, 'malformed_signature'],
      ['hex and more', (t, _, v2) => `t=${t},v2=${v2}00`, 'malformed_signature'],
      ['hex in quotes', (t, _, v2) => `t=${t},v2="${v2}"`, 'malformed_signature'],
      [
        'hex cut short, beside a valid v1',
        (t, v1, v2) => `t=${t},v1=${v1},v2=${v2.slice(1)}`,
        'malformed_signature',
      ],
      ['no t', (_t, _v1, v2) => `v2=${v2}`, 'malformed_signature'],
      ['no t, with v1', (_t, v1) => `v1=${v1}`, 'malformed_signature'],
      ['t empty', (_t, _v1, v2) => `t=,v2=${v2}`, 'malformed_signature'],
      ['t twice', (t, _, v2) => `t=${t},t=${t},v2=${v2}`, 'malformed_signature'],
      ['t with letters', (t, _, v2) => `t=${t}s,v2=${v2}`, 'malformed_signature'],
      ['t in hex', (t, _, v2) => `t=0x${t.toString(16)},v2=${v2}`, 'malformed_signature'],
      ['t with a fraction', (t, _, v2) => `t=${t}.0,v2=${v2}`, 'malformed_signature'],
      ['t with a sign', (t, _, v2) => `t=-${t},v2=${v2}`, 'malformed_signature'],
      [
        'sent twice as a whole: t twice',
        (t, _, v2) => Array(2).fill(`t=${t},v2=${v2}`),
        'malformed_signature',
      ],
      ['another t than was signed', (t, _, v2) => `t=${t - 1},v2=${v2}`, 'invalid_signature'],
      [
        'another t than was signed, beside a valid v1',
        (t, v1, v2) => `t=${t - 1},v1=${v1},v2=${v2}`,
        'invalid_signature',
      ],
      ["v1's hex as v2", (t, v1) => `t=${t},v2=${v1}`, 'invalid_signature'],
      ["v2's hex as v1", (t, _, v2) => `t=${t},v1=${v2}`, 'invalid_signature'],
      ["v2's hex as sha256", (_t, _v1, v2) => `sha256=${v2}`, 'invalid_signature'],
      ['120 values of v2', (t, v1) => `t=${t}${`,v2=${v1}`.repeat(120)}`, 'invalid_signature'],
    ];
    for (const [name, write, error] of cases) {
      const verify = async () => {
        const happened = inbound();
        const answer = write
          ? await withHeader(JSON.stringify(happened), write)
          : await post(happened, { signature: null });
        expectRefused(answer, 401, error, happened.id);
      };
      // Where it does not count, what stands beside it would decide.
      const strongest = schemes.findLast((scheme) => `${write?.(0, '', '')}`.includes(`${scheme}=`));
      if (strongest) testWith(strongest)(name, verify);
      else test(name, verify);
    }
  });
});

describe('secrets', () => {
  test.each(senderSchemes)('a wrong one, %s', async (scheme) => {
    const happened = inbound();
    const answer = await post(happened, { scheme, secret: 'whsec_stranger' });
    expectRefused(answer, 401, 'invalid_signature', happened.id);
  });

  test('the right one without its prefix', async () => {
    const happened = inbound();
    const secret = `${target.secrets[0]}`.replace(/^whsec_/, '_');
    expectRefused(await post(happened, { secret }), 401, 'invalid_signature', happened.id);
  });

  testIf(!deployed || deployed.secrets.length > 1, 'ZAVU_WEBHOOK_SECRET holds one')(
    'the second of several',
    async () => {
      const happened = inbound();
      await expectHandled(await post(happened, { secret: target.secrets[1] }), happened);
    },
  );

  describe('one that is bound to a sender', () => {
    const testBound = testLocally('its list is not known');
    const secret = boundSecret;

    testBound('an event of that sender', async () => {
      const happened = { ...inbound(), senderId: 'snd_bound' };
      await expectHandled(await post(happened, { secret }), happened);
    });

    testBound('an event of another', async () => {
      const happened = { ...inbound(), senderId: 'snd_other' };
      expectRefused(await post(happened, { secret }), 401, 'invalid_signature', happened.id);
      // Its line comes after its answer, and other requests are refused meanwhile.
      const isSo = ({ event, detail }: ReportLine) =>
        event === 'rejected' && detail === 'secret_bound_elsewhere';
      await eventually(
        () => stack?.reports.some(isSo) ?? false,
        () => 'the line of the refusal',
      );
    });

    testBound('an event that does not say whose it is: taken and unrouted, not handled', async () => {
      for (const sender of [{}, { senderId: ['snd_bound'] }, { senderId: 'x'.repeat(257) }]) {
        const happened = { ...inbound(), ...sender };
        const answer = await post(happened, { secret });
        await expectUnrouted(answer, happened.id, JSON.stringify(happened), 'owner_unknown');
      }
    });

    testBound('what nobody can read: taken and unrouted', async () => {
      const body = Buffer.from(`{"kind":"${newId()}"}`);
      await expectUnreadable(await post(body, { secret }), body);
    });
  });

  test.each(senderSchemes)('a body that was changed after signing with %s', async (scheme) => {
    const happened = inbound('hello');
    const body = JSON.stringify(happened);
    const signature = sign(body, target.secrets[0] ?? '', scheme, nowSeconds());
    const answer = await post(body.replace('hello', 'hullo'), { signature });
    expectRefused(answer, 401, 'invalid_signature', happened.id);
  });
});

describe.each(['v1', 'v2'] as const)('freshness of %s', (scheme) => {
  const uncertainMs = deployed ? 300 : 50;
  /**
   * Sends an event whose signature has an age. Ages are true to the second only at its beginning, and the server
   * judges a moment later: where time moves the age towards the limit, an answer that came so late that the limit
   * may have been crossed on the way proves nothing, and the event is sent again.
   */
  const judged = async (ageSeconds: number, holdsForMs = Number.POSITIVE_INFINITY) => {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      await sleep(1000 - ((Date.now() + aheadMs) % 1000) + uncertainMs);
      const happened = inbound();
      const at = nowSeconds() - ageSeconds;
      const answer = await post(happened, { scheme, at });
      if (Date.now() + aheadMs < (at + ageSeconds) * 1000 + holdsForMs - uncertainMs)
        return { answer, happened };
    }
    throw new Error('No answer came fast enough to tell its age to the second.');
  };

  testWith(scheme)('299 s old: taken', async () => {
    const { answer, happened } = await judged(299, 1000);
    await expectHandled(answer, happened);
  });
  testWith(scheme)('301 s old: refused', async () => {
    const { answer, happened } = await judged(301);
    expectRefused(answer, 401, 'stale_signature', happened.id);
  });
  testWith(scheme)('59 s ahead: taken', async () => {
    const { answer, happened } = await judged(-59);
    await expectHandled(answer, happened);
  });
  testWith(scheme)('61 s ahead: refused', async () => {
    const { answer, happened } = await judged(-61, 1000);
    expectRefused(answer, 401, 'stale_signature', happened.id);
  });
  test('a stranger is not stale', async () => {
    const happened = inbound();
    const answer = await post(happened, { scheme, secret: 'whsec_stranger', at: 1 });
    expectRefused(answer, 401, 'invalid_signature', happened.id);
  });
});

testWith('sha256')('sha256 has no time: it cannot be stale', async () => {
  const happened = inbound();
  await expectHandled(await post(happened, { scheme: 'sha256', at: 1 }), happened);
});

describe("a deployment that takes v2 alone (acceptedSignatures: ['v2'])", () => {
  const alone = accepted.length === 1 && usual === 'v2';
  const testHardened = testIf(!deployed || alone, 'ZAVU_ACCEPTED_SIGNATURES does not say v2 alone');
  const strict = (): Target =>
    hardened ? { url: hardened.ready.url, secrets: [hardened.ready.secret] } : target;

  for (const scheme of ['v2', 'v1+v2'] as const) {
    testHardened(`takes ${scheme}`, async () => {
      const happened = inbound();
      const answer = await post(happened, { scheme, to: strict() });
      expect(answer).toMatchObject({ status: 200, body: { id: happened.id } });
      await hardened?.until(happened.id, ['handled']);
    });
  }
  for (const scheme of ['v1', 'sha256'] as const) {
    testHardened(`refuses ${scheme}`, async () => {
      const happened = inbound();
      const answer = await post(happened, { scheme, to: strict() });
      expectRefused(answer, 401, 'invalid_signature', happened.id);
    });
  }
  testHardened('refuses a v1+v2 from which v2 was stripped', async () => {
    const [happened, at] = [inbound(), nowSeconds()];
    const body = JSON.stringify(happened);
    const signature = sign(body, strict().secrets[0] ?? '', 'v1+v2', at).replace(/,v2=.*/, '');
    const answer = await post(body, { signature, to: strict() });
    expectRefused(answer, 401, 'invalid_signature', happened.id);
  });
});

describe('how the body is written', () => {
  testWith('sha256')('re-spaced by a proxy, under sha256', async () => {
    const happened = inbound();
    const signature = sign(JSON.stringify(happened), target.secrets[0] ?? '', 'sha256', 0);
    await expectHandled(await post(JSON.stringify(happened, null, 2), { signature }), happened);
  });

  for (const scheme of ['v1', 'v2'] as const) {
    test(`re-spaced by a proxy, under ${scheme}: refused`, async () => {
      const happened = inbound();
      const signature = sign(JSON.stringify(happened), target.secrets[0] ?? '', scheme, nowSeconds());
      const answer = await post(JSON.stringify(happened, null, 2), { signature });
      expectRefused(answer, 401, 'invalid_signature', happened.id);
    });
  }

  // API Gateway hands over every type but text, JSON, XML and JavaScript in base64.
  test.each([
    'application/json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/vnd.zavu+json',
    null,
  ])('Content-Type: %s', async (contentType) => {
    const happened = inbound('¿Cómo estás? 👋');
    await expectHandled(await post(happened, { contentType }), happened);
  });

  test.each(['application/json', null])('a byte order mark, Content-Type: %s', async (contentType) => {
    for (const happened of [inbound(), { ...inbound(), id: undefined }]) {
      const body = JSON.stringify(happened);
      await expectHandled(await post(`\ufeff${body}`, { contentType }), happened, body);
    }
  });

  test('CRLF between its lines', async () => {
    const happened = unrouted();
    const body = `${JSON.stringify(happened, null, 2).replaceAll('\n', '\r\n')}\r\n`;
    await expectUnrouted(await post(body), happened.id, body);
  });

  test('in gzip, signed before: refused, because bytes are verified as received', async () => {
    const [happened, at] = [inbound(), nowSeconds()];
    const body = Buffer.from(JSON.stringify(happened));
    const answer = await post(gzipSync(body), {
      signature: signBytes(body, usual, target.secrets[0] ?? '', at),
      headers: { 'content-encoding': 'gzip' },
    });
    expectRefused(answer, 401, 'invalid_signature', happened.id);
  });

  test('in gzip, signed after: kept, each byte of it, and unrouted', async () => {
    const body = gzipSync(JSON.stringify(inbound()));
    const answer = await post(body, {
      contentType: 'application/gzip',
      headers: { 'content-encoding': 'gzip' },
    });
    await expectUnreadable(answer, body);
  });

  test('bytes that are no UTF-8: taken, with U+FFFD in their place', async () => {
    const happened = inbound('a?b');
    const body = Buffer.from(JSON.stringify(happened));
    body[body.indexOf('a?b') + 1] = 0xff;
    const read = { ...happened, data: { text: 'a\ufffdb' } };
    await expectHandled(await post(body, { contentType: null }), read);
  });

  test.each([
    ['an emoji', '👋🏽'],
    ['half an emoji', 'broken \ud83d here'],
    ['a raw U+FFFF', 'odd \uffff end'],
    ['control characters', 'a\u0000b\u001bc\u007f'],
    ['line separators', 'a\u2028b\u2029c'],
    ['what XML escapes', '<![CDATA[ & ]]> &amp; "\''],
  ])('%s arrives unchanged', async (_case, text) => {
    const happened = inbound(text);
    await expectHandled(await post(happened), happened);
  });

  test('sent slowly, in pieces', async () => {
    const happened = inbound('x'.repeat(1_000));
    await expectHandled(await post(happened, { pieces: 8 }), happened);
  });
});

describe('what the JSON holds', () => {
  /** An event whose JSON no object can be written as. */
  const written = (data: string, id: string) =>
    `{"id":"${id}","type":"conformance.unrouted","timestamp":1736850000000,"data":${data}}`;

  test.each([
    ['huge numbers', '{"a":12345678901234567890,"b":1e400,"c":-1e-400,"d":0.1000000000000000055}'],
    ['a number of 10,000 digits', `{"a":${'9'.repeat(10_000)}}`],
    ['__proto__', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
    ['the same key twice', '{"a":1,"a":2}'],
    ['5,000 levels', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['200,000 levels', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    [
      '20,000 keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]))),
    ],
    ['keys outside ASCII', '{"ñ":"\\ud83d","\u2028":1}'],
  ])('%s: arrives as it was signed', async (_case, data) => {
    const id = newId();
    const body = written(data, id);
    await expectUnrouted(await post(body), id, body);
  });

  test('as deep as it may be, with a handler', async () => {
    const happened = inbound();
    const levels = 200_000;
    const body = JSON.stringify(happened).replace(
      '"data":{',
      `"data":{"deep":${'['.repeat(levels)}${']'.repeat(levels)},`,
    );
    await expectHandled(await post(body), happened);
  });

  testWith('sha256')('as deep as it may be, and re-spaced under sha256: no failure', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const answer = await post(deep, { signature: `sha256=${'0'.repeat(64)}` });
    expectRefused(answer, 401, 'invalid_signature');
  });

  test('an id twice: the last counts, as for every reader of JSON', async () => {
    const id = newId();
    const body = written('{}', id).replace('{', '{"id":"first",');
    await expectUnrouted(await post(body), id, body);
  });

  test('__proto__ beside the id of an event: its own fields count', async () => {
    const id = newId();
    const body = written('{}', id).replace('{', '{"__proto__":{"type":"message.inbound"},');
    await expectUnrouted(await post(body), id, body);
  });

  test.each([
    ['not JSON', () => `{"id":"${newId()}`],
    ['empty', () => ''],
    ['of characters beyond U+FFFF', () => `{"event":"${newId()} 👋"}`],
    ['one byte of none', () => '{'],
    ['JSON and more', () => '{} {}'],
    ['one byte of JSON', () => '1'],
    ['null', () => 'null'],
    ['a string', () => '"event"'],
    ['an array of events', () => JSON.stringify([inbound()])],
    ['an event in __proto__', () => `{"__proto__":${written('{}', newId())}}`],
    ['an event of another envelope', () => JSON.stringify({ event: inbound() })],
    ['no type', () => JSON.stringify({ ...inbound(), type: undefined })],
    ['a type that is a number', () => JSON.stringify({ ...inbound(), type: 7 })],
    ['a type that is empty', () => JSON.stringify({ ...inbound(), type: '' })],
  ])('signed, and %s: taken and unrouted as unreadable', async (_case, write) => {
    const body = Buffer.from(write());
    await expectUnreadable(await post(body), body);
  });
});

// What Zavu signed is never refused for its shape.
describe('an odd envelope is handled', () => {
  const data = { messageId: 'msg_odd' };
  test.each<[string, () => object]>([
    ['a type alone, and what makes it one of a kind', () => ({ type: 'message.inbound', nonce: newId() })],
    ['no id', () => ({ ...inbound(), id: undefined })],
    ['an id that is empty', () => ({ ...inbound(), id: '' })],
    ['an id that is a number', () => ({ ...inbound(), id: Number(`${Date.now()}${count % 100}`) })],
    ['an id beyond 2^53', () => ({ ...inbound(), id: 2 ** 60 })],
    ['an id that is a list', () => ({ ...inbound(), id: [newId()] })],
    ['no timestamp', () => ({ ...inbound(), timestamp: undefined })],
    ['a timestamp in ISO 8601', () => ({ ...inbound(), timestamp: new Date().toISOString() })],
    ['a timestamp in seconds', () => ({ ...inbound(), timestamp: nowSeconds() })],
    ['a timestamp as digits', () => ({ ...inbound(), timestamp: String(Date.now()) })],
    ['a timestamp that is a word', () => ({ ...inbound(), timestamp: 'now' })],
    ['a negative timestamp', () => ({ ...inbound(), timestamp: -1 })],
    ['a timestamp a year ahead', () => ({ ...inbound(), timestamp: Date.now() + 31_536_000_000 })],
    ['no data', () => ({ ...inbound(), data: undefined })],
    ['data that is null', () => ({ ...inbound(), data: null })],
    ['data that is a text', () => ({ ...inbound(), data: 'x' })],
    ['data that is a list', () => ({ ...inbound(), data: [data] })],
    ['a sender that is a number', () => ({ ...inbound(), senderId: 7 })],
    ['a sender that is an object', () => ({ ...inbound(), senderId: { id: 'snd_1' } })],
    ['a project that is empty', () => ({ ...inbound(), projectId: '' })],
    ['a project of 257 characters', () => ({ ...inbound(), projectId: 'p'.repeat(257) })],
    ['half an emoji in its project', () => ({ ...inbound(), projectId: 'prj_\ud83d' })],
  ])('%s', async (_case, write) => {
    const happened = write();
    await expectHandled(await post(happened), happened);
    // Zavu's retries have the same text.
    expect(await post(happened)).toMatchObject({ status: 200 });
    const id = idOf(happened, JSON.stringify(happened));
    await stack?.until(id, ['duplicate']);
    expect(stack?.effects(id) ?? [1]).toHaveLength(1);
  });

  test('a timestamp beyond every number', async () => {
    const happened = inbound();
    const body = JSON.stringify(happened).replace(String(happened.timestamp), '1e400');
    await expectHandled(await post(body), happened, body);
  });
});

describe('size', () => {
  /** An event of so many bytes. */
  const sized = (bytes: number) => {
    const empty = inbound('');
    const text = 'x'.repeat(bytes - JSON.stringify(empty).length);
    return { ...empty, data: { ...empty.data, text } };
  };

  test.each([1_000, 65_536, 262_144, 262_145, limit - 1, limit])('%d bytes: taken', async (bytes) => {
    const happened = sized(bytes);
    await expectHandled(await post(happened), happened);
  });

  test('a byte more than the limit: taken', async () => {
    const happened = sized(limit + 1);
    await expectHandled(await post(happened), happened);
  });

  test('more than the limit once escaped: taken', async () => {
    // 600,000 bytes on the wire, three times as many in ASCII.
    const happened = inbound('é'.repeat(300_000));
    await expectHandled(await post(happened), happened);
  });
});

// An id is opaque, and what tells copies from events: one of at most 200 printable characters is taken as it is.
describe('ids', () => {
  /** As long as told, and new in every run as far as that allows. */
  const ofLength = (length: number) => `${newId()}_${'x'.repeat(length)}`.slice(-length);

  test.each([1, 2, 36, 128, 129, 199, 200, 201, 256, 257, 2_049, 4_096])(
    'of %d characters',
    async (length) => {
      const happened = inbound('hello', length < 3 ? 'c'.repeat(length) : ofLength(length));
      await expectHandled(await post(happened), happened);
    },
  );

  test('that differ in their 4,096th character alone are two events', async () => {
    const start = `${newId()}_`.padEnd(4_095, 'x');
    const two = [inbound('a', `${start}1`), inbound('b', `${start}2`)];
    for (const happened of two) await expectHandled(await post(happened), happened);
  });

  test.each([' ', '\n', '"', '\\', '👋', '\ud83d', '\u0000', '__proto__', 'constructor', '#', '{}'])(
    'that hold %j',
    async (odd) => {
      const happened = inbound('hello', `${newId()}${odd}`);
      await expectHandled(await post(happened), happened);
    },
  );

  test('that differ in a half emoji, in case, or in how an accent is written are events of their own', async () => {
    const id = newId();
    for (const end of ['\ud83d', '\ud83e', 'é', 'e\u0301', 'X', 'x', 'x ']) {
      const happened = inbound('hello', `${id}${end}`);
      await expectHandled(await post(happened), happened);
    }
  });
});

describe('copies and order', () => {
  test('six copies at once: handled once', async () => {
    const happened = inbound('slow');
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(happened)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { id: happened.id } });
    if (!stack) return;
    await stack.until(happened.id, ['handled', 'duplicate'], 6);
    expect(stack.effects(happened.id)).toHaveLength(1);
  });

  test('a copy signed in another way, later: handled once', async () => {
    const happened = inbound();
    await expectHandled(await post(happened), happened);
    for (const scheme of accepted) expect(await post(happened, { scheme })).toMatchObject({ status: 200 });
    if (!stack) return;
    await stack.until(happened.id, ['duplicate'], accepted.length);
    expect(stack.effects(happened.id)).toHaveLength(1);
  });

  testLocally('its batches cannot be seen')('copies within one batch: handled once', async () => {
    if (!hardened) throw new Error('No stack to judge.');
    const happened = inbound();
    const copies = 10;
    await hardened.enqueue('InboundQueue', Array(copies).fill(JSON.stringify(happened)));
    await hardened.until(happened.id, ['handled', 'duplicate'], copies);
    expect(hardened.effects(happened.id)).toHaveLength(1);
    // All lie there at once. A poll that waited gets one of them, and the next one of a poller gets the others.
    expect(copies).toBeGreaterThan(2 * pollers);
    expect(hardened.of(happened.id, 'duplicate')).toContainEqual(
      expect.objectContaining({ reason: 'same_batch' }),
    );
  });

  describe('one id of two senders is two events', () => {
    const two = (text: string, types = ['message.inbound', 'message.inbound']) => {
      const id = newId();
      return types.map((type, index) => ({ ...event(text, id, type), senderId: `snd_${index}` }));
    };
    const expectBoth = async (at: StartedStack, all: readonly Sent[]) => {
      const id = String(all[0]?.id);
      await at.until(id, ['handled'], all.length);
      const keys = at.effects(id).map(({ idempotencyKey }) => idempotencyKey);
      expect(keys.sort()).toEqual(all.map((one) => keyOf(id, one)).sort());
    };

    test.each([
      ['of one type', undefined],
      ['of two workers', ['message.inbound', 'message.delivered']],
    ])('%s, one after the other and at once', async (_case, types) => {
      for (const text of ['hello', 'slow']) {
        const all = two(text, types);
        const send = () => Promise.all(all.map((one) => post(one)));
        for (const answer of await send())
          expect(answer).toMatchObject({ status: 200, body: { id: all[0]?.id } });
        if (stack) await expectBoth(stack, all);
        // And a copy of each is a duplicate.
        await send();
        if (!stack) continue;
        await stack.until(String(all[0]?.id), ['duplicate'], all.length);
        await expectBoth(stack, all);
      }
    });

    testLocally('its batches cannot be seen')('in one batch', async () => {
      if (!hardened) throw new Error('No stack to judge.');
      const all = two('hello');
      const bodies = Array.from({ length: 10 }, (_, index) => JSON.stringify(all[index % 2]));
      await hardened.enqueue('InboundQueue', bodies);
      await hardened.until(String(all[0]?.id), ['handled', 'duplicate'], bodies.length);
      await expectBoth(hardened, all);
    });
  });

  test('a message that is delivered before it is sent: every event handled, once', async () => {
    const happened = ['delivered', 'sent', 'queued'].map((status) => ({
      ...event('', newId(), `message.${status}`),
      data: { messageId: 'msg_1', to: '+56912345678', channel: 'sms', status, text: status },
    }));
    for (const each of happened) expect(await post(each)).toMatchObject({ status: 200 });
    if (!stack) return;
    for (const { id, data } of happened) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toMatchObject([{ id, text: data.text }]);
    }
  });
});

describe('where to', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s: 404', async (method) => {
    expect(await exchange(target.url, { method })).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    });
  });

  test.each(['/other', '/webhooks/zavu/more', '/WEBHOOKS/ZAVU', '/'])('POST %s: 404', async (path) => {
    expect(await exchange(new URL(path, target.url).href)).toMatchObject({ status: 404 });
  });

  test('a query changes nothing', async () => {
    const happened = inbound();
    const to = { ...target, url: `${target.url}?from=zavu&from=again` };
    await expectHandled(await post(happened, { to }), happened);
  });
});

// Last, because a look at what handlers did reads all of it.
describe('large events', () => {
  /** Words as people write them: a few of them make up most of a text. */
  const chat = (length: number) => {
    const words =
      'hola 👋 pedido ¿dónde está? gracias the parcel is not here yet, please call me tomorrow 10:30'.split(
        ' ',
      );
    const picks = randomBytes(length / 4);
    return Array.from(picks, (pick) => words[Math.floor((pick / 256) ** 2 * words.length)])
      .join(' ')
      .slice(0, length)
      .toWellFormed();
  };

  test('4 MB of chat: handled', async () => {
    const happened = inbound(chat(4_000_000));
    const answer = await post(happened);
    expect(answer).toMatchObject({ status: 200, body: { id: happened.id } });
    if (!stack) return;
    await stack.until(happened.id, ['handled']);
    const [effect, ...more] = stack.effects(happened.id);
    expect(more).toEqual([]);
    // Not by a matcher, which would print megabytes.
    expect(effect?.text === happened.data.text).toBe(true);
  });

  const noise = (bytes: number) => randomBytes(bytes * 0.75).toString('base64');

  test('6 MB of random base64: too large even compressed', async () => {
    const happened = inbound('');
    happened.data.text = noise(6_000_000 - JSON.stringify(happened).length);
    expectRefused(await post(happened), 413, 'payload_too_large', happened.id);
  });

  test('unsigned, it is not looked at', async () => {
    const happened = inbound(noise(5_000_000));
    expectRefused(await post(happened, { signature: null }), 401, 'missing_signature', happened.id);
    const answer = await post(happened, { secret: 'whsec_stranger' });
    expectRefused(answer, 401, 'invalid_signature', happened.id);
  });
});

testLocally('a test must not change its secret')(
  'a secret rotated while it runs: taken up without a restart, and the old one is dead',
  async () => {
    // Of its own, because its sandboxes learn of the secret at different times.
    const rotating = await StartedStack.start();
    try {
      const { url, secret: old } = rotating.ready;
      const [happened, rotated] = [inbound(), 'whsec_rotated_51'];
      const to = { url, secrets: [rotated] };
      expectRefused(await post(happened, { to }), 401, 'invalid_signature');
      await rotating.rotate(rotated);
      // Zavu retries a minute later; a sandbox asks the store at most every ten seconds.
      await eventually(
        async () => (await post(happened, { to })).status === 200,
        () => 'the new secret to be taken up',
      );
      await rotating.until(happened.id, ['handled']);
      await eventually(
        async () => (await post(inbound(), { to: { url, secrets: [old] } })).status === 401,
        () => 'the end of the old secret',
      );
    } finally {
      await rotating.stop();
    }
  },
);
