import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parseBoundTo } from '../../../cli/shared/bound-to.ts';
import { unpackBytes } from '../../../lambda/queued-event/text.ts';
import type { Receiver } from '../../../lambda/receiver/handler.ts';
import { canaryType } from '../../../lambda/routing/canary-event.ts';
import { senderSchemes, sign } from '../../../lambda/zavu/sign.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';
import { noise } from '../../../testing/conformance/noise.ts';
import { signBytes } from '../../../testing/conformance/signature.ts';
import { receiverInMemory } from '../../support/receiver-in-memory.ts';

const secret = 'whsec_test_9f3a2b1c';
const event = {
  id: 'evt_1',
  type: 'message.inbound',
  timestamp: Date.now() - 1_000,
  projectId: 'prj_1',
  data: { messageId: 'msg_1', from: '+56912345678', text: 'Where is my parcel?' },
};

/** Waits until the deadline, as a call does whose service hangs. */
const hang = async (deadline: number): Promise<never> => {
  await sleep(deadline - Date.now());
  throw new Error('late');
};

const receiver = (parts: Partial<Receiver> = {}) =>
  receiverInMemory([{ secret }], { answerWithinMs: 50, ...parts });

function request(body: string, signature = sign(body, secret, 'v2', Math.floor(Date.now() / 1000))) {
  const requestContext = { requestId: 'req_1' };
  const headers = { 'x-zavu-signature': signature };
  return { headers, body, isBase64Encoded: false, requestContext } as unknown as APIGatewayProxyEventV2;
}

test('stores first, then answers 200; a type that no worker handles is unrouted', async () => {
  const { handle, sent } = receiver();
  expect(await handle(request(JSON.stringify(event)))).toMatchObject({ statusCode: 200 });
  expect(await handle(request(JSON.stringify({ ...event, type: 'message.odd' })))).toMatchObject({
    statusCode: 200,
  });
  expect(sent).toEqual([
    { to: 'inbound', body: JSON.stringify(event), group: 'prj_1', attributes: {} },
    {
      to: 'unrouted',
      body: JSON.stringify({ ...event, type: 'message.odd' }),
      group: 'prj_1',
      attributes: { reason: 'unknown_type', receivedAt: expect.stringMatching(/^\d{13}$/) },
    },
  ]);
});

describe('what is signed and odd is kept', () => {
  const now = 1_736_850_000_000;
  const timely = { ...event, timestamp: now - 1_000 };
  const signed = (body: string) => request(body, sign(body, secret, 'v2', now / 1_000));
  const digest = (body: string) => `sha256:${createHash('sha256').update(body).digest('hex')}`;

  test.each<[string, string, object]>([
    ['no id', JSON.stringify({ ...timely, id: undefined }), {}],
    ['an id that is a number', JSON.stringify({ ...timely, id: 7 }), { id: '7' }],
    ['a type alone', '{"type":"message.inbound"}', { receivedAt: true }],
    [
      'a timestamp as ISO text',
      JSON.stringify({ ...timely, timestamp: '2025-01-14T10:20:00Z' }),
      { id: 'evt_1' },
    ],
    ['a timestamp in seconds', JSON.stringify({ ...timely, timestamp: now / 1_000 }), { id: 'evt_1' }],
    [
      'a timestamp that is none',
      JSON.stringify({ ...timely, timestamp: -1 }),
      { id: 'evt_1', receivedAt: true },
    ],
    ['no data', JSON.stringify({ ...timely, data: undefined }), { id: 'evt_1' }],
    ['a sender that is a list', JSON.stringify({ ...timely, senderId: [] }), { id: 'evt_1' }],
  ])(
    'as an event: %s',
    async (_case, body, { id = digest(body), receivedAt }: { id?: string; receivedAt?: boolean }) => {
      const { handle, sent, lines } = receiver({ now: () => now });
      const answer = await handle(signed(body));
      expect(JSON.parse(answer.body ?? '')).toEqual({ received: true, id });
      // As it was signed: it is brought into form when it is read.
      expect(sent).toMatchObject([
        { to: 'inbound', body, attributes: receivedAt ? { receivedAt: String(now) } : {} },
      ]);
      expect(JSON.parse(lines.join())).toMatchObject({
        outcome: 'queued',
        id,
        worker: 'inbound',
      });
      expect(JSON.parse(lines.join())).not.toHaveProperty('status');
    },
  );

  test.each([
    ['nothing', ''],
    ['no JSON', 'Zavu is down for maintenance'],
    ['a list of events', JSON.stringify([timely])],
    ['a type of another name', JSON.stringify({ ...timely, type: undefined, event_type: 'message.inbound' })],
    ['a type that is a number', JSON.stringify({ ...timely, type: 7 })],
  ])('as unreadable: %s', async (_case, body) => {
    const { handle, sent, lines } = receiver({ now: () => now });
    const answer = await handle(signed(body));
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body ?? '')).toEqual({ received: true, id: digest(body) });
    const [message] = sent;
    expect(message).toMatchObject({
      to: 'unrouted',
      group: 'none',
      attributes: { reason: 'unreadable', receivedAt: String(now) },
    });
    expect(unpackBytes(message?.body ?? '', message?.attributes.encoding)?.toString()).toBe(body);
    expect(JSON.parse(lines.join())).toMatchObject({
      outcome: 'unrouted',
      reason: 'unreadable',
      id: digest(body),
      type: 'unreadable',
    });
  });

  test('bytes that are no text are kept as base64, and that is said', async () => {
    const { handle, sent } = receiver({ now: () => now });
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    const answer = await handle({
      headers: { 'x-zavu-signature': signBytes(bytes, 'v2', secret, now / 1_000) },
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    });
    expect(answer.statusCode).toBe(200);
    expect(sent).toMatchObject([
      {
        to: 'unrouted',
        body: bytes.toString('base64'),
        attributes: { reason: 'unreadable', encoding: 'base64' },
      },
    ]);
  });

  test('with what its secret is bound to, so that it can be proved once it can be read', async () => {
    const bound = [{ secret, sender: 'snd_a' }];
    const { handle, sent } = receiver({
      now: () => now,
      secrets: { current: async () => bound, refreshed: async () => bound },
    });
    await handle(signed('{"from":"Zavu"}'));
    expect(sent).toMatchObject([{ to: 'unrouted', attributes: { boundTo: '[{"sender":"snd_a"}]' } }]);
  });

  test('with as little text beside as is left by all that one secret is bound to', async () => {
    const maxEventBytes = 10_000;
    const bound = Array.from({ length: 40 }, (_, n) => ({ secret, sender: `ñ${n}`.padEnd(100, '_') }));
    const { handle, sent } = receiver({
      now: () => now,
      maxEventBytes,
      secrets: { current: async () => bound, refreshed: async () => bound },
    });
    expect(await handle(signed('x'.repeat(maxEventBytes)))).toMatchObject({ statusCode: 200 });
    const [{ body = '', attributes = {} } = {}] = sent;
    expect(parseBoundTo(attributes.boundTo)).toHaveLength(bound.length);
    const bytes = Buffer.byteLength(body + Object.values(attributes).join());
    // What the limit itself leaves free for attributes.
    expect(bytes).toBeLessThan(maxEventBytes + 2_048);
    expect(attributes.boundTo).toMatch(/^[ -~]+$/);
  });

  test('large events are compressed, and only what is too large even so is refused, as signed', async () => {
    const archive = jest.fn(async () => undefined);
    const { handle, sent, lines } = receiver({ now: () => now, archive });
    const large = JSON.stringify({ ...timely, data: { text: 'Where is my parcel? '.repeat(2_000) } });
    expect(await handle(signed(large))).toMatchObject({ statusCode: 200 });
    const [message] = sent;
    expect(message?.attributes).toEqual({ encoding: 'brotli_base64' });
    expect(unpackBytes(message?.body ?? '', message?.attributes.encoding)?.toString()).toBe(large);
    const queued = { body: message?.body, encoding: 'brotli_base64' };
    expect(archive).toHaveBeenCalledWith(
      expect.objectContaining({ queued }),
      Buffer.from(large),
      expect.anything(),
    );

    const tooLarge = JSON.stringify({ ...timely, data: { text: noise(1, 10_000).toString('base64') } });
    const refused = await handle(signed(tooLarge));
    expect(refused.statusCode).toBe(413);
    expect(JSON.parse(refused.body ?? '')).toMatchObject({ error: 'payload_too_large' });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      outcome: 'rejected',
      reason: 'payload_too_large',
      scheme: 'v2',
    });
    // Unsigned, it is not looked at.
    expect(await handle(request(tooLarge, `t=${now / 1_000},v2=${'ab'.repeat(32)}`))).toMatchObject({
      statusCode: 401,
    });
  });
});

test('an id that two senders use is noticed', async () => {
  const { handle, lines } = receiver();
  const post = (senderId: string) => handle(request(JSON.stringify({ ...event, senderId })));
  await post('snd_a');
  await post('snd_a');
  expect(lines.filter((line) => line.includes('shared_id'))).toEqual([]);
  await post('snd_b');
  expect(lines.filter((line) => line.includes('shared_id')).map((line) => JSON.parse(line))).toMatchObject([
    { level: 'WARN', message: 'shared_id', id: 'evt_1' },
  ]);
});

test.each([
  ['the secret store', { secrets: { current: hang, refreshed: async () => undefined } }],
  [
    'the store, at a refresh',
    { secrets: { current: async () => [{ secret: 'whsec_old' }], refreshed: hang } },
  ],
  ['the queue', { send: (_to: unknown, _message: unknown, deadline: number) => hang(deadline) }],
])('answers 503 at its deadline when %s hangs', async (_case, parts) => {
  const { handle } = receiver(parts);
  expect(await handle(request(JSON.stringify(event)))).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': '60' },
  });
});

test('an event that its queue has is accepted whatever becomes of its archive, and one that it has not, is not', async () => {
  const archived: string[] = [];
  const archive = async (_event: unknown, signed: Buffer) => void archived.push(signed.toString());
  const { handle, sent } = receiver({ archive });
  const text = ` ${JSON.stringify(event)}`;
  expect(await handle(request(text))).toMatchObject({ statusCode: 200 });
  expect(archived).toEqual([text]);
  expect(sent).toHaveLength(1);

  const refused = receiver({ archive, send: async () => Promise.reject(new Error('no')) });
  expect(await refused.handle(request(text))).toMatchObject({ statusCode: 503 });
  // Refused before there was a queue to ask.
  await handle(request(text, `t=1,v2=${'ab'.repeat(32)}`));
  // Ours, not Zavu's.
  const canary = { ...event, type: canaryType, data: { worker: 'inbound' } };
  expect(await handle(request(JSON.stringify(canary)))).toMatchObject({ statusCode: 200 });
  expect(archived).toEqual([text, text]);
});

test('without a canary, its type is one that no worker handles, and is archived like any other', async () => {
  const archived: string[] = [];
  const { handle, sent, lines } = receiver({
    hasCanary: false,
    archive: async (_event, signed) => void archived.push(signed.toString()),
  });
  const body = JSON.stringify({ ...event, type: canaryType, data: { worker: 'inbound' } });
  expect(await handle(request(body))).toMatchObject({ statusCode: 200 });
  expect(sent).toMatchObject([{ to: 'unrouted', body, attributes: { reason: 'unknown_type' } }]);
  expect(archived).toEqual([body]);
  expect(JSON.parse(lines.join())).toMatchObject({ outcome: 'unrouted', type: canaryType });
});

test('with a canary, its events go to the worker that they name, and those that name no worker are unrouted', async () => {
  const { handle, sent } = receiver();
  for (const worker of ['account', 'unknown', ['inbound']]) {
    await handle(request(JSON.stringify({ ...event, type: canaryType, data: { worker } })));
  }
  expect(sent).toMatchObject([{ to: 'account' }, { to: 'unrouted' }, { to: 'unrouted' }]);
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

  test('is not asked for if none is set', async () => {
    const { handle } = receiver({ now: () => now });
    const body = JSON.stringify({ ...event, timestamp: Date.UTC(2020, 1) });
    expect(await handle(request(body, sign(body, secret, 'v2', now / 1000)))).toMatchObject({
      statusCode: 200,
    });
  });

  test.each(senderSchemes)(
    'is not known of an event without a time, unless %s signs its own',
    async (scheme) => {
      const { handle, sent } = receiver({ maxEventAgeSeconds, now: () => now });
      const body = JSON.stringify({ ...event, timestamp: now + 90_000_000 });
      expect(await handle(request(body, sign(body, secret, scheme, now / 1000)))).toMatchObject({
        statusCode: 200,
      });
      const isSigned = scheme === 'v2' || scheme === 'v1+v2';
      expect(sent).toMatchObject([
        isSigned
          ? { to: 'inbound', attributes: { receivedAt: String(now) } }
          : { to: 'unrouted', attributes: { reason: 'age_unknown' } },
      ]);
    },
  );
});

describe('a secret that is bound', () => {
  const bound = (...list: SigningSecret[]) => ({ current: async () => list, refreshed: async () => list });

  test.each<[string, object, SigningSecret[], string | undefined]>([
    ['to this sender', { senderId: 'snd_a' }, [{ secret, sender: 'snd_a' }], undefined],
    ['to this project', { projectId: 'prj_a' }, [{ secret, project: 'prj_a' }], undefined],
    ['elsewhere', { senderId: 'snd_b' }, [{ secret, sender: 'snd_a' }], 'secret_bound_elsewhere'],
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
  ['names none', {}],
  ['says null', { senderId: null }],
  ['says a list', { senderId: ['snd_a'] }],
  ['says something too long', { senderId: 'snd_a'.repeat(100) }],
])('a secret that is bound to a sender does not prove an event that %s: it is kept', async (_case, ids) => {
  const list = [{ secret, sender: 'snd_a' }];
  const archive = jest.fn(async () => undefined);
  const { handle, sent, lines } = receiver({
    archive,
    secrets: { current: async () => list, refreshed: async () => list },
  });
  expect(await handle(request(JSON.stringify({ ...event, ...ids })))).toMatchObject({ statusCode: 200 });
  expect(sent).toMatchObject([
    { to: 'unrouted', attributes: { reason: 'owner_unknown', boundTo: '[{"sender":"snd_a"}]' } },
  ]);
  expect(JSON.parse(lines.join())).toMatchObject({ outcome: 'unrouted', reason: 'owner_unknown' });
  // A replay would hand it to a handler.
  expect(archive).not.toHaveBeenCalled();
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
  const { handle } = receiver({ send: async (_to, { body }) => void bodies.push(body) });
  const body = JSON.stringify(event).replace('"msg_1"', signed);
  const signature = sign(body, secret, 'sha256', 0);
  expect(await handle(request(body.replace(`:${signed},`, `:${received},`), signature))).toMatchObject({
    statusCode: 200,
  });
  expect(bodies).toEqual([body]);
});

test('one line per request, which reveals nothing', async () => {
  const { handle, lines } = receiver();
  const body = JSON.stringify(event);
  await handle(request(body));
  await handle(request(body, `t=1,v2=${'ab'.repeat(32)}`));
  await handle(request('parcel', sign('"parcel"', secret, 'v1', Math.floor(Date.now() / 1000))));
  await handle(request('"parcel"', sign('"parcel"', secret, 'v1', Math.floor(Date.now() / 1000))));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { outcome: 'queued', id: 'evt_1', type: 'message.inbound', worker: 'inbound', scheme: 'v2' },
    { outcome: 'rejected', status: 401, reason: 'invalid_signature', requestId: 'req_1' },
    { outcome: 'rejected', status: 401, reason: 'invalid_signature' },
    { outcome: 'unrouted', reason: 'unreadable' },
  ]);
  expect(lines.join()).not.toMatch(/parcel|56912345678|whsec|abab/);
  // The ids of a request that is not proved are not logged.
  expect(lines[1]).not.toContain('evt_1');
});
