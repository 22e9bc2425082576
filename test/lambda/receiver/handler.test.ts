import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { canaryType } from '../../../lambda/canary/event.ts';
import { createHandler, type Receiver } from '../../../lambda/receiver/handler.ts';
import { schemes } from '../../../lambda/receiver/signature.ts';
import type { SigningSecret } from '../../../lambda/receiver/signing-secret.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import { senderSchemes, sign } from '../../../lambda/shared/sign.ts';

const secret = 'whsec_test_9f3a2b1c';
const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: 1,
  projectId: 'prj_1',
  data: { messageId: 'msg_1', from: '+56912345678', text: 'Where is my parcel?' },
};

/** Waits until the deadline, as a call does whose service hangs. */
const hang = async (deadline: number): Promise<never> => {
  await sleep(deadline - Date.now());
  throw new Error('late');
};

function receiver(parts: Partial<Receiver> = {}) {
  const lines: string[] = [];
  const sent: unknown[] = [];
  const handle = createHandler({
    secrets: { current: async () => [{ secret }], refreshed: async () => undefined },
    policy: { accepted: schemes, toleranceSeconds: 300, futureToleranceSeconds: 60 },
    maxEventAgeSeconds: Number.POSITIVE_INFINITY,
    maxEventBytes: 10_000,
    answerWithinMs: 50,
    async send(to, body, group) {
      sent.push({ to, body: JSON.parse(body), group });
    },
    now: Date.now,
    log: createLogger({}, (line) => lines.push(line)),
    ...parts,
  });
  return { handle, lines, sent };
}

function request(body: string, signature = sign(body, secret, 'v2', Math.floor(Date.now() / 1000))) {
  const requestContext = { requestId: 'req_1' };
  const headers = { 'x-zavu-signature': signature };
  return { headers, body, isBase64Encoded: false, requestContext } as unknown as APIGatewayProxyEventV2;
}

test('stores first, then answers 200; a type that nobody handles is parked', async () => {
  const { handle, sent } = receiver();
  expect(await handle(request(JSON.stringify(event)))).toMatchObject({ statusCode: 200 });
  expect(await handle(request(JSON.stringify({ ...event, type: 'message.odd' })))).toMatchObject({
    statusCode: 200,
  });
  expect(sent).toEqual([
    { to: 'inbound', body: event, group: 'prj_1' },
    { to: 'parking', body: { ...event, type: 'message.odd' }, group: 'prj_1' },
  ]);
});

test.each([
  ['the secret store', { secrets: { current: hang, refreshed: async () => undefined } }],
  [
    'the store, at a refresh',
    { secrets: { current: async () => [{ secret: 'whsec_old' }], refreshed: hang } },
  ],
  [
    'the queue',
    { send: (_to: unknown, _body: unknown, _group: unknown, deadline: number) => hang(deadline) },
  ],
])('answers 503 at its deadline when %s hangs', async (_case, parts) => {
  const { handle } = receiver(parts);
  expect(await handle(request(JSON.stringify(event)))).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': '60' },
  });
});

test('an event that its queue has is accepted whatever becomes of its archive, and one that it has not, is not', async () => {
  const archived: string[] = [];
  const archive = async (_event: unknown, text: string) => void archived.push(text);
  const { handle, sent } = receiver({ archive, hasCanary: true });
  const text = ` ${JSON.stringify(event)}`;
  expect(await handle(request(text))).toMatchObject({ statusCode: 200 });
  expect(archived).toEqual([text]);
  expect(sent).toHaveLength(1);

  const refused = receiver({ archive, send: async () => Promise.reject(new Error('no')) });
  expect(await refused.handle(request(text))).toMatchObject({ statusCode: 503 });
  // Refused before there was a queue to ask.
  await handle(request('{', sign('{', secret, 'v1', Math.floor(Date.now() / 1000))));
  await handle(request(text, `t=1,v2=${'ab'.repeat(32)}`));
  // Ours, not Zavu's.
  const canary = { ...event, type: canaryType, data: { worker: 'inbound' } };
  expect(await handle(request(JSON.stringify(canary)))).toMatchObject({ statusCode: 200 });
  expect(archived).toEqual([text, text]);
});

test('without a canary, its type is one that nobody handles, and is archived like any other', async () => {
  const archived: string[] = [];
  const { handle, sent, lines } = receiver({ archive: async (_event, text) => void archived.push(text) });
  const body = { ...event, type: canaryType, data: { worker: 'inbound' } };
  expect(await handle(request(JSON.stringify(body)))).toMatchObject({ statusCode: 200 });
  expect(sent).toEqual([{ to: 'parking', body, group: 'prj_1' }]);
  expect(archived).toEqual([JSON.stringify(body)]);
  expect(JSON.parse(lines.join())).toMatchObject({ outcome: 'parked', type: canaryType });
});

test('with a canary, its events go to the worker that they name, and those that name none to nobody', async () => {
  const { handle, sent } = receiver({ hasCanary: true });
  for (const worker of ['account', 'nobody', ['inbound']]) {
    await handle(request(JSON.stringify({ ...event, type: canaryType, data: { worker } })));
  }
  expect(sent).toMatchObject([{ to: 'account' }, { to: 'parking' }, { to: 'parking' }]);
});

test('it answers once the archive is done, too: what goes on after an answer is frozen', async () => {
  let done = false;
  const archive = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done = true;
  };
  await receiver({ archive }).handle(request(JSON.stringify(event)));
  expect(done).toBe(true);
  done = false;
  await receiver({ archive, send: async () => Promise.reject(new Error('no')) }).handle(
    request(JSON.stringify(event)),
  );
  expect(done).toBe(true);
});

test('a refresh that brings the right secret accepts what the cache refused', async () => {
  const { handle } = receiver({
    secrets: { current: async () => [{ secret: 'whsec_old' }], refreshed: async () => [{ secret }] },
  });
  expect(await handle(request(JSON.stringify(event)))).toMatchObject({ statusCode: 200 });
});

describe('an event of a greatest age', () => {
  const now = 1_736_850_000_000;
  const maxEventAgeSeconds = 21_600;
  const oldest = now - maxEventAgeSeconds * 1000;

  test.each(senderSchemes)('is taken up to it, and no older, whenever %s signed it', async (scheme) => {
    const { handle, sent, lines } = receiver({ maxEventAgeSeconds, now: () => now });
    const post = (timestamp: number) => {
      const body = JSON.stringify({ ...event, timestamp });
      return handle(request(body, sign(body, secret, scheme, now / 1000)));
    };
    expect(await post(oldest)).toMatchObject({ statusCode: 200 });
    const refused = await post(oldest - 1);
    expect(refused).toMatchObject({ statusCode: 401 });
    expect(JSON.parse(refused.body ?? '')).toMatchObject({ error: 'stale_event' });
    expect(sent).toHaveLength(1);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      outcome: 'rejected',
      reason: 'stale_event',
      detail: 'too_old',
      scheme: scheme === 'v1+v2' ? 'v2' : scheme,
    });
  });

  test('is not asked for where none is set', async () => {
    const { handle } = receiver({ now: () => now });
    const body = JSON.stringify({ ...event, timestamp: 0 });
    expect(await handle(request(body, sign(body, secret, 'v2', now / 1000)))).toMatchObject({
      statusCode: 200,
    });
  });
});

describe('a secret that is bound', () => {
  const bound = (...list: SigningSecret[]) => ({ current: async () => list, refreshed: async () => list });

  test.each<[string, object, SigningSecret[], string | undefined]>([
    ['to this sender', { senderId: 'snd_a' }, [{ secret, sender: 'snd_a' }], undefined],
    ['to this project', { projectId: 'prj_a' }, [{ secret, project: 'prj_a' }], undefined],
    ['elsewhere', { senderId: 'snd_b' }, [{ secret, sender: 'snd_a' }], 'secret_bound_elsewhere'],
    ['to a sender, and the event names none', {}, [{ secret, sender: 'snd_a' }], 'secret_bound_elsewhere'],
    [
      'to a sender, and the event says null',
      { senderId: null },
      [{ secret, sender: 'snd_a' }],
      'secret_bound_elsewhere',
    ],
    [
      'to this sender of another project',
      { senderId: 'snd_a', projectId: 'prj_b' },
      [{ secret, sender: 'snd_a', project: 'prj_a' }],
      'secret_bound_elsewhere',
    ],
    [
      'twice, once to this sender',
      { senderId: 'snd_b' },
      [
        { secret, sender: 'snd_a' },
        { secret, sender: 'snd_b' },
      ],
      undefined,
    ],
    [
      'elsewhere, beside a free one that did not sign',
      { senderId: 'snd_b' },
      [{ secret, sender: 'snd_a' }, { secret: 'whsec_free' }],
      'secret_bound_elsewhere',
    ],
    ['nowhere, and has a name', { senderId: 'snd_b' }, [{ secret, name: 'snd_a' }], undefined],
  ])('%s', async (_case, ids, list, detail) => {
    const { handle, sent, lines } = receiver({ secrets: bound(...list) });
    const { projectId: _, ...rest } = event;
    const answer = await handle(request(JSON.stringify({ ...rest, ...ids })));
    expect(answer.statusCode).toBe(detail ? 401 : 200);
    expect(sent).toHaveLength(detail ? 0 : 1);
    const refusal = { outcome: 'rejected', reason: 'invalid_signature', detail, scheme: 'v2' };
    expect(JSON.parse(lines.join())).toMatchObject(detail ? refusal : { outcome: 'queued' });
    // Whose event it claims to be is not proved by a secret of somebody else.
    if (detail) expect(lines.join()).not.toMatch(/evt_|snd_|prj_/);
  });
});

test.each([
  ['nothing at all', {}],
  ['no headers', { body: '{}', isBase64Encoded: false }],
  ['no body', { headers: {} }],
])('an event with %s is refused like any without a signature', async (_case, hostile) => {
  const { handle, lines } = receiver();
  expect(await handle(hostile)).toMatchObject({ statusCode: 401 });
  expect(JSON.parse(lines.join())).toMatchObject({ outcome: 'rejected', reason: 'missing_signature' });
});

// JSON.stringify writes both alike, so that both bodies match the signature.
test.each([
  ['null', '1e400'],
  ['0', '-0'],
  ['12345678901234567000', '12345678901234567001'],
])('stores the %s that sha256 signed, not the %s in its place', async (signed, received) => {
  const bodies: string[] = [];
  const { handle } = receiver({ send: async (_to, body) => void bodies.push(body) });
  const body = JSON.stringify(event).replace('"msg_1"', signed);
  const signature = sign(body, secret, 'sha256', 0);
  expect(await handle(request(body.replace(signed, received), signature))).toMatchObject({ statusCode: 200 });
  expect(bodies).toEqual([body]);
});

test('one line per request, which reveals nothing', async () => {
  const { handle, lines } = receiver();
  const body = JSON.stringify(event);
  await handle(request(body));
  await handle(request(body, `t=1,v2=${'ab'.repeat(32)}`));
  await handle(request('{', sign('{', secret, 'v1', Math.floor(Date.now() / 1000))));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { outcome: 'queued', status: 200, id: 'evt_1', type: 'message.inbound', worker: 'inbound', scheme: 'v2' },
    { outcome: 'rejected', status: 401, reason: 'invalid_signature', requestId: 'req_1' },
    { outcome: 'rejected', status: 400, reason: 'invalid_json' },
  ]);
  expect(lines.join()).not.toMatch(/parcel|56912345678|whsec|abab/);
  // Who an unproved request claims to be is nobody's business.
  expect(lines[1]).not.toContain('evt_1');
});
