import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { createVerifier } from '../../../lambda/receiver/verifier.ts';
import { senderSchemes, sign } from '../../../lambda/zavu/sign.ts';
import { type Scheme, schemes } from '../../../lambda/zavu/signature.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';

// Fixed vectors of Zavu's contract: secret, time and bodies signed once, by hand.
const secret = 'whsec_test_9f3a2b1c';
const t = 1_736_850_000;
const vectors = [
  {
    body: '{"id":"evt_1736850000000_abc123","type":"message.inbound","timestamp":1736850000000,"senderId":"jx7abc123def456","projectId":"jx7xyz789ghi012","data":{"messageId":"jd7x2k","from":"+56912345678","text":"hola"}}',
    v1: '3f363e527b4b0b02efaab7d65ef9aba087f39ae4c8711f5917d4d34781581927',
    v2: '59366f5744d4c9d081eaf0bd77d0c2f24c14b148f53e88a9fd41fcb7912959bb',
  },
  {
    body: '{"type":"message.inbound","data":{"text":"Cómo estás? 👋","to":"+56912345678"}}',
    v1: '03b8dc1da6db47308e9600f37f5db5ac12cc206eaa31763493ea2e503fb8582f',
    v2: '53ce26746d3f41adaa4a2ca0b61b0005fba072a6be8c485531523e57c69b5c5e',
  },
] as const;
const policy = { accepted: schemes, toleranceSeconds: 300, futureToleranceSeconds: 60 };
const [{ body, v1, v2 }] = vectors;

function verify(
  header: string | undefined,
  options: Partial<{
    body: string;
    secrets: readonly (string | SigningSecret)[];
    now: number;
    accepted: readonly Scheme[];
  }> = {},
) {
  const list = (options.secrets ?? [secret]).map((each) =>
    typeof each === 'string' ? { secret: each } : each,
  );
  return createVerifier({
    secrets: { current: async () => list, refreshed: async () => undefined },
    policy: { ...policy, accepted: options.accepted ?? policy.accepted },
    now: () => (options.now ?? t) * 1000,
  })(header, Buffer.from(options.body ?? body), 0);
}

describe.each(vectors)('the vector $v1', (vector) => {
  test.each([
    ['sha256', `sha256=${vector.v1}`],
    ['v1', `t=${t},v1=${vector.v1}`],
    ['v2', `t=${t},v2=${vector.v2}`],
    ['v2', `t=${t},v1=${vector.v1},v2=${vector.v2}`],
  ])('verifies as %s: %s', async (scheme, header) => {
    expect(await verify(header, { body: vector.body })).toMatchObject({ ok: true, scheme });
  });

  test.each(senderSchemes)('is what the sender signs with %s', (scheme) => {
    const header = sign(vector.body, secret, scheme, t);
    expect(header).toContain(scheme === 'v2' ? vector.v2 : vector.v1);
  });
});

describe('a header that proves nothing', () => {
  test.each([
    [undefined, 'missing_signature', 'no_header'],
    ['', 'missing_signature', 'no_header'],
    [v1, 'tool_call_signature', 'tool_call'],
    [` ${v1} `, 'tool_call_signature', 'tool_call'],
    ['foo', 'malformed_signature', 'no_known_scheme'],
    [v1.slice(1), 'malformed_signature', 'no_known_scheme'],
    [`${v1},${v1}`, 'malformed_signature', 'no_known_scheme'],
    ['v2', 'malformed_signature', 'not_lowercase_hex'],
    ['v3=abc', 'malformed_signature', 'no_known_scheme'],
    [`t=${t}`, 'malformed_signature', 'no_known_scheme'],
    [`v1=${v1}`, 'malformed_signature', 'bad_timestamp'],
    [`t=,v2=${v2}`, 'malformed_signature', 'bad_timestamp'],
    [`t=17368a,v2=${v2}`, 'malformed_signature', 'bad_timestamp'],
    [`t=-1,v2=${v2}`, 'malformed_signature', 'bad_timestamp'],
    [`t=${t},t=${t},v2=${v2}`, 'malformed_signature', 'bad_timestamp'],
    [`t=${t},v2=${v2.toUpperCase()}`, 'malformed_signature', 'not_lowercase_hex'],
    [`t=${t},v2=${v2.slice(1)}`, 'malformed_signature', 'not_lowercase_hex'],
    [`t=${t},v2=`, 'malformed_signature', 'not_lowercase_hex'],
    [`sha256=${v1}=`, 'malformed_signature', 'not_lowercase_hex'],
    // Nothing weaker rescues what decides.
    [`t=${t},v1=${v1},v2=`, 'malformed_signature', 'not_lowercase_hex'],
    [`t=${t},v1=${v1},v2`, 'malformed_signature', 'not_lowercase_hex'],
    [`sha256=${v1},t=${t},v1=no hex`, 'malformed_signature', 'not_lowercase_hex'],
    [`sha256=${v1},v1=${v1}`, 'malformed_signature', 'bad_timestamp'],
    [`t=${t},v2=no hex,v2=${v1}`, 'invalid_signature', 'no_secret_matches'],
    [`t=${t},v2=${v1}`, 'invalid_signature', 'no_secret_matches'],
    [`t=${t + 1},v2=${v2}`, 'invalid_signature', 'no_secret_matches'],
    // v1 over `{t}.{body}`, as an old page of Zavu's describes it, is v2's input under v1's name.
    [`t=${t},v1=${v2}`, 'invalid_signature', 'no_secret_matches'],
    // A rewritten time breaks v2; the v1 beside it must not rescue it.
    [`t=${t + 1},v1=${v1},v2=${v2}`, 'invalid_signature', 'no_secret_matches'],
  ])('%s: %s, %s', async (header, problem, reason) => {
    expect(await verify(header, { now: t + 1 })).toEqual({ ok: false, problem, reason });
  });
});

test.each([
  `t=${t}, v2=${v2}`,
  ` t = ${t} , v2 = ${v2} `,
  `t=${t},v2=${v2},v3=00`,
  `v2=${v2},t=${t}`,
  `t=${t},v2=${v1},v2=${v2}`,
  // What cannot be read takes nothing from what can.
  `t=${t},v2=no hex,v2=${v2}`,
  `t=${t},v2=${v2},v2`,
  `t=${t},v1=no hex,sha256=,v2=${v2}`,
])('reads leniently: %s', async (header) => {
  expect(await verify(header)).toMatchObject({ ok: true, scheme: 'v2' });
});

describe('freshness', () => {
  test.each(['v1', 'v2'] as const)('bounds %s on both sides', async (scheme) => {
    const at = (now: number) => verify(sign(body, secret, scheme, t), { now: t + now });
    expect(await at(300)).toMatchObject({ ok: true, scheme });
    expect(await at(301)).toEqual({ ok: false, problem: 'stale_signature', reason: 'too_old' });
    expect(await at(-60)).toMatchObject({ ok: true, scheme });
    expect(await at(-61)).toEqual({ ok: false, problem: 'stale_signature', reason: 'ahead_of_clock' });
  });

  test('does not apply to sha256, which has no time', async () => {
    expect((await verify(`sha256=${v1}`, { now: t + 1e6 })).ok).toBe(true);
  });

  test('is judged after the signature: a stranger is not stale', async () => {
    expect(await verify(`t=${t},v2=${v1}`, { now: t + 1e6 })).toMatchObject({ problem: 'invalid_signature' });
  });
});

describe('secrets', () => {
  test('any live secret verifies', async () => {
    expect((await verify(`t=${t},v2=${v2}`, { secrets: ['whsec_other', secret] })).ok).toBe(true);
    expect((await verify(`t=${t},v2=${v2}`, { secrets: ['whsec_other'] })).ok).toBe(false);
  });

  test('it says which ones signed, and does not ask what they are bound to', async () => {
    const by = [
      { secret, sender: 'snd_a' },
      { secret, name: 'again' },
    ];
    const list = [{ secret: 'whsec_other' }, ...by];
    expect(await verify(`t=${t},v2=${v2}`, { secrets: list })).toMatchObject({ by });
    const spaced = JSON.stringify(JSON.parse(body), null, 2);
    expect(await verify(`sha256=${v1}`, { body: spaced, secrets: list })).toMatchObject({ by });
  });

  test('are used verbatim: the key keeps its prefix', async () => {
    expect((await verify(`t=${t},v2=${v2}`, { secrets: ['test_9f3a2b1c'] })).ok).toBe(false);
  });

  test.each([[[]], [['']], [[secret, '']]])('none, or an empty one, is an error: %j', async (secrets) => {
    await expect(verify(`t=${t},v2=${v2}`, { secrets })).rejects.toThrow('No signing secret');
  });
});

test('a hardened policy cannot be downgraded by stripping v2', async () => {
  const accepted: Scheme[] = ['v2'];
  expect((await verify(`t=${t},v1=${v1},v2=${v2}`, { accepted })).ok).toBe(true);
  const problem = { ok: false, problem: 'invalid_signature', reason: 'scheme_not_accepted' };
  expect(await verify(`t=${t},v1=${v1}`, { accepted })).toEqual(problem);
  expect(await verify(`sha256=${v1}`, { accepted })).toEqual(problem);
});

test('a scheme that does not count is not looked at, nor the time that it would need', async () => {
  const accepted: Scheme[] = ['sha256'];
  for (const beside of [`v2=${v1}`, 'v2=no hex', 't=1,t=2,v1=', 't=soon'])
    expect(await verify(`${beside},sha256=${v1}`, { accepted })).toMatchObject({
      ok: true,
      scheme: 'sha256',
    });
});

test('sha256 survives a proxy that re-spaces the body; v1 and v2 do not', async () => {
  const spaced = JSON.stringify(JSON.parse(body), null, 2);
  expect((await verify(`sha256=${v1}`, { body: spaced })).ok).toBe(true);
  expect((await verify(`t=${t},v1=${v1}`, { body: spaced })).ok).toBe(false);
});

test('what a re-spaced body signed is its compact text', async () => {
  const spaced = JSON.stringify(JSON.parse(body), null, 2);
  expect(await verify(`sha256=${v1}`, { body: spaced })).toMatchObject({ signed: Buffer.from(body) });
});

test('if there is nothing to compact, the signature of nothing proves nothing', async () => {
  const signatureOfNothing = `sha256=${createHmac('sha256', secret).update('').digest('hex')}`;
  expect((await verify(signatureOfNothing, { body: 'not JSON' })).ok).toBe(false);
});

test('whatever the header and body: no exception, and no acceptance without the HMAC', async () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('t=', 'v1=', 'v2=', 'sha256=', ',', ' ', '=', String(t), v1, v2, `t=${t}`),
  );
  const headers = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(headers, fc.oneof(fc.string(), fc.json()), async (header, hostile) => {
      expect((await verify(header, { body: `${hostile} ` })).ok).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

/** An event's text: an object, whatever it says. */
const texts = fc.json().map((json) => `{"data":${json}}`);
const noise = fc.array(
  fc.oneof(
    fc.constantFrom('v3=00', '', 'x', '=', 'T=1', `V2=${'0'.repeat(64)}`),
    fc.string().map((text) => `x=${text.replaceAll(',', '')}`),
  ),
  { maxLength: 3 },
);

test('what Zavu signs is accepted, whatever it says', async () => {
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom(...senderSchemes), async (text, scheme) => {
      expect((await verify(sign(text, secret, scheme, t), { body: text })).ok).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('the strongest accepted scheme decides, whatever stands beside it', async () => {
  const state = fc.constantFrom('good', 'wrong', 'unreadable', 'absent');
  const states = fc.record({ sha256: state, v1: state, v2: state });
  const accepting = fc.subarray([...schemes], { minLength: 1 });
  const macs = { sha256: v1, v1, v2 };
  const unreadable = fc.constantFrom('', 'no hex', v2.slice(1), v2.toUpperCase(), `${v1}=`);
  await fc.assert(
    fc.asyncProperty(states, accepting, unreadable, noise, async (given, accepted, odd, more) => {
      const values = { good: macs, wrong: { sha256: v2, v1: v2, v2: v1 } };
      const parts = schemes.flatMap((name) => {
        const is = given[name];
        if (is === 'absent') return [];
        return [`${name}=${is === 'unreadable' ? odd : values[is][name]}`];
      });
      const present = schemes.filter((name) => given[name] !== 'absent');
      const decides = present.findLast((name) => accepted.includes(name));
      const due = {
        good: { ok: true, scheme: decides },
        wrong: { problem: 'invalid_signature', reason: 'no_secret_matches' },
        unreadable: { problem: 'malformed_signature', reason: 'not_lowercase_hex' },
        absent: {},
      };
      const expected = decides
        ? due[given[decides]]
        : present.length > 0
          ? { problem: 'invalid_signature', reason: 'scheme_not_accepted' }
          : { problem: 'malformed_signature', reason: 'no_known_scheme' };
      const header = [`t=${t}`, ...more, ...parts].join(',');
      expect(await verify(header, { accepted })).toMatchObject(expected);
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ['v1', `t=${t},v1=${v2}`],
  ['sha256', `sha256=${v2}`],
])('the text that v2 signs is no body of %s, for whoever has captured a request', async (_scheme, header) => {
  const refused = { ok: false, problem: 'invalid_signature', reason: 'v2_text' };
  expect(await verify(header, { body: `${t}.${body}` })).toEqual(refused);
});
