import crypto, { createHmac } from 'node:crypto';
import fc from 'fast-check';
import {
  alwaysTried,
  maxCompactedBytes,
  maxHashedBytes,
  maxHashedBytesOfRefresh,
} from '../../../lambda/receiver/signer-search.ts';
import { createVerifier } from '../../../lambda/receiver/verifier.ts';
import { sign } from '../../../lambda/zavu/sign.ts';
import { schemes } from '../../../lambda/zavu/signature.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';

const t = 1_736_850_000;
const forged = 'ab'.repeat(32);
const MiB = 1_048_576;
const listOf = (count: number, prefix = 'whsec_of_nobody'): SigningSecret[] =>
  Array.from({ length: count }, (_, index) => ({ secret: `${prefix}_${index}` }));

/** @param lists what the store has, one answer after another; undefined is none */
function verifierOf(...lists: readonly (readonly SigningSecret[] | undefined)[]) {
  const [first = [], refreshed] = lists;
  const asked = { current: 0, refreshed: 0 };
  const verify = createVerifier({
    secrets: {
      async current() {
        asked.current += 1;
        return first;
      },
      async refreshed() {
        asked.refreshed += 1;
        return refreshed;
      },
    },
    policy: { accepted: schemes, toleranceSeconds: 300, futureToleranceSeconds: 60 },
    now: () => t * 1000,
  });
  return { asked, verify: (header: string, body: string | Buffer) => verify(header, Buffer.from(body), 0) };
}

/** What a verification costs, in what it hashes and parses. */
async function costOf<Result>(run: () => Promise<Result>) {
  const cost = { hashes: 0, hashedBytes: 0, parses: 0, parsedBytes: 0, perKey: new Map<unknown, number>() };
  const [hmac, parse] = [createHmac, JSON.parse];
  const hashing = jest.spyOn(crypto, 'createHmac').mockImplementation((algorithm, key) => {
    const digest = hmac(algorithm, key);
    const update = digest.update.bind(digest);
    cost.hashes += 1;
    cost.perKey.set(key, (cost.perKey.get(key) ?? 0) + 1);
    digest.update = (data: string | NodeJS.ArrayBufferView) => {
      cost.hashedBytes += typeof data === 'string' ? data.length : data.byteLength;
      return update(data as string);
    };
    return digest;
  });
  const parsing = jest.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
    cost.parses += 1;
    cost.parsedBytes += text.length;
    return parse(text, reviver);
  });
  try {
    return { result: await run(), ...cost };
  } finally {
    hashing.mockRestore();
    parsing.mockRestore();
  }
}

describe('what a stranger can cost', () => {
  const hundred = (name: string) =>
    Array.from({ length: 100 }, (_, index) => `${name}=${index.toString(16).padStart(64, '0')}`).join();
  const headers = {
    v2: `t=${t},v2=${forged}`,
    'a hundred of v2': `t=${t},${hundred('v2')}`,
    'a hundred of sha256': hundred('sha256'),
    'an unreadable one of v2': `t=${t},v1=${forged},v2=no hex`,
  };
  const sizes = { '1 KB': 1024, '256 KB': MiB / 4, '1 MB': MiB, '6 MB': 6 * MiB };
  /** JSON that a parser has the most work with, and that is written otherwise than it stands. */
  const bodyOf = (bytes: number) => Buffer.from(`[${' {},'.repeat(Math.floor(bytes / 4) - 1)}0]`);

  test.each(
    Object.entries(headers).flatMap(([name, header]) =>
      Object.entries(sizes).flatMap(([size, bytes]) =>
        [1, 100, 500].map((count) => [name, size, count, bytes, header] as const),
      ),
    ),
  )('%s, a body of %s, %i secrets, and a refresh', async (name, _size, count, bytes, header) => {
    const list = listOf(count);
    const body = bodyOf(bytes);
    // Each secret stands there twice, as one that is bound to two senders does; the store has three more.
    const twice = list.flatMap((entry) => [entry, { ...entry, sender: 'snd_a' }]);
    const { verify, asked } = verifierOf(twice, [...twice, ...listOf(3, 'whsec_new')]);
    const cost = await costOf(() => verify(header, body));

    expect(cost.result.ok).toBe(false);
    const texts = header.includes('sha256') && body.length <= maxCompactedBytes ? 2 : 1;
    expect(Math.max(0, ...cost.perKey.values())).toBeLessThanOrEqual(texts);
    expect(cost.hashedBytes).toBeLessThanOrEqual(maxHashedBytes + maxHashedBytesOfRefresh);
    expect(cost.parses).toBeLessThanOrEqual(texts - 1);
    expect(cost.parsedBytes).toBeLessThanOrEqual(maxCompactedBytes);
    expect(asked.refreshed).toBeLessThanOrEqual(1);
    if (header.includes('no hex')) {
      expect([cost.hashes, asked.current]).toEqual([0, 0]);
    } else if (count * texts <= alwaysTried(body.length, name.includes('hundred') ? 100 : 1)) {
      // All were tried, those of the refresh too.
      expect(cost.hashes).toBe((count + 3) * texts);
      expect(cost.result).toMatchObject({ reason: 'no_secret_matches' });
    } else {
      expect(cost.result).toMatchObject({ problem: 'invalid_signature', reason: 'too_many_secrets' });
    }
  });

  test('what docs/senders.md promises', () => {
    expect([MiB / 4, MiB, 6 * MiB].map(alwaysTried)).toEqual([504, 127, 21]);
  });

  test('a list of any length is tried in part alone, however small the body is', async () => {
    const { verify } = verifierOf(listOf(100_000));
    const cost = await costOf(() => verify(headers.v2, ''));
    expect(cost.result).toMatchObject({ reason: 'too_many_secrets' });
    expect(cost.hashes).toBeGreaterThanOrEqual(alwaysTried(0));
    expect(cost.hashes).toBeLessThanOrEqual(32_768);
    // Each hash is compared with each MAC.
    const ofHundred = await costOf(() => verify(headers['a hundred of v2'], ''));
    expect(ofHundred.result).toMatchObject({ reason: 'too_many_secrets' });
    expect(ofHundred.hashes).toBeLessThanOrEqual(cost.hashes / 2);
    // Secrets Manager holds 64 KiB: so many of the shortest secrets. A webhook has a few KB at most.
    expect(alwaysTried(16_384)).toBeGreaterThan(65_536 / '"0123456789abcdef",'.length);
  });

  test.each([
    ['nothing to compact', '{"data":{}}', 1],
    ['spaces to take out', '{"data": {}}', 2],
    ['no JSON', '{"data"', 1],
  ])('a body of sha256 with %s is hashed %#', async (_case, body, hashes) => {
    const { verify } = verifierOf(listOf(1));
    expect(await costOf(() => verify(`sha256=${forged}`, body))).toMatchObject({ hashes, parses: 1 });
  });

  test('a body of sha256 beyond the bound is not parsed, and within it its spaces do no harm', async () => {
    const [entry = { secret: '' }] = listOf(1);
    const { verify } = verifierOf([entry]);
    const spaced = (bytes: number) => `{ "data": "${'x'.repeat(bytes - 13)}"}`;
    const signed = (body: string) => sign(body, entry.secret, 'sha256', 0);
    const [within, beyond] = [spaced(maxCompactedBytes), spaced(maxCompactedBytes + 1)];
    expect(within).toHaveLength(maxCompactedBytes);
    const [ofWithin, ofBeyond] = [signed(within), signed(beyond)];
    expect(await costOf(() => verify(ofWithin, within))).toMatchObject({
      result: { ok: true },
      parses: 1,
    });
    const { result, parses } = await costOf(() => verify(ofBeyond, beyond));
    expect(result).toMatchObject({ reason: 'no_secret_matches' });
    expect(parses).toBe(0);
  });
});

describe('the order', () => {
  const bound = { secret: 'whsec_of_snd_a', sender: 'snd_a' };
  const others = Array.from({ length: 50 }, () => ({ senderId: 'snd_x' }));
  const large = (ids: object) => JSON.stringify({ ...ids, data: 'x'.repeat(5 * MiB) });
  const signed = (body: string, { secret }: SigningSecret) => sign(body, secret, 'v2', t);

  test.each<[string, SigningSecret, string]>([
    ['its sender', bound, large({ id: 'evt_1', senderId: 'snd_a' })],
    ['its project', { secret: 'whsec_of_prj_a', project: 'prj_a' }, large({ projectId: 'prj_a' })],
    [
      'its sender and its project',
      { secret: 'whsec_of_both', sender: 'snd_a', project: 'prj_a' },
      large({ projectId: 'prj_a', senderId: 'snd_a' }),
    ],
    ['its sender, after the data', bound, `{"data":"${'x'.repeat(6 * MiB - 200)}","senderId":"snd_a"}`],
    ['its sender, with spaces', bound, large({}).replace('{', '{ "senderId" : "snd_a",')],
    ['its sender, and many others after it', bound, large({ senderId: 'snd_a', others })],
    ['its sender, and many others before it', bound, large({ others, senderId: 'snd_a' })],
  ])('one that is bound is tried first if the body names %s', async (_case, entry, body) => {
    const others = listOf(250).flatMap(({ secret }, index) => [
      { secret, sender: `snd_${index}` },
      { secret: `${secret}_` },
    ]);
    const { verify } = verifierOf([...others, entry]);
    const header = signed(body, entry);
    const cost = await costOf(() => verify(header, body));
    expect(cost.result).toMatchObject({ ok: true, by: [entry] });
    // What it looks for, and nothing else, for one hash of 6 MB.
    expect([cost.hashes, cost.parses]).toEqual([1, 0]);
  });

  test('a name is no proof: another sender’s secret does not sign for it', async () => {
    const { verify } = verifierOf([bound, ...listOf(5)]);
    const body = JSON.stringify({ senderId: 'snd_a' });
    expect(await verify(`t=${t},v2=${forged}`, body)).toMatchObject({ ok: false });
  });

  test('then what proved a request last, by any body that it still can', async () => {
    const list = listOf(500);
    const last = list.at(-1) ?? bound;
    const { verify } = verifierOf(list);
    const body = large({ senderId: 'snd_a' });
    expect(await verify(signed(body, last), body)).toMatchObject({ reason: 'too_many_secrets' });
    const small = '{"id":"evt_1"}';
    expect(await verify(signed(small, last), small)).toMatchObject({ ok: true });
    const header = signed(body, last);
    const cost = await costOf(() => verify(header, body));
    expect(cost.result).toMatchObject({ ok: true, by: [last] });
    expect(cost.hashes).toBe(1);
  });

  test('then those that are not bound, before those of others', async () => {
    const others = listOf(500).map((entry, index) => ({ ...entry, sender: `snd_${index}` }));
    const free = { secret: 'whsec_of_all' };
    const { verify } = verifierOf([...others, free]);
    const body = large({ senderId: 'snd_none' });
    expect(await verify(signed(body, free), body)).toMatchObject({ ok: true, by: [free] });
  });

  test('as many as always work do, at any place of the list', async () => {
    const body = JSON.stringify({ data: 'x'.repeat(MiB - 11) });
    expect(body).toHaveLength(MiB);
    const list = listOf(127);
    const last = list.at(-1) ?? bound;
    expect(await verifierOf(list).verify(signed(body, last), body)).toMatchObject({ ok: true, by: [last] });
  });

  test('whatever the order, a small body meets every secret, and its signer is found', async () => {
    const entry = fc.record(
      {
        secret: fc.constantFrom('k1', 'k2', 'k3', 'k4'),
        sender: fc.constantFrom('s1', 's2'),
        project: fc.constantFrom('p1'),
      },
      { requiredKeys: ['secret'] },
    );
    const ids = fc.record(
      { senderId: fc.constantFrom('s1', 's2', 's3'), projectId: fc.constantFrom('p1', 'p2') },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 1, maxLength: 8 }),
        ids,
        fc.array(fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5'), { minLength: 1, maxLength: 4 }),
        async (list, named, keys) => {
          const { verify } = verifierOf(list);
          const body = JSON.stringify(named);
          for (const key of keys) {
            const by = list.filter(({ secret }) => secret === key);
            const due = by.length > 0 ? { ok: true, by } : { ok: false, reason: 'no_secret_matches' };
            expect(await verify(sign(body, key, 'v2', t), body)).toMatchObject(due);
          }
          // Two that sign one request, as while a sender migrates: all are named.
          const [first = '', second = ''] = keys;
          const both = `${sign(body, first, 'v2', t)},${sign(body, second, 'v2', t).split(',')[1]}`;
          const verdict = await verify(both, body);
          const by = list.filter(({ secret }) => secret === first || secret === second);
          expect(verdict).toMatchObject(by.length > 0 ? { by } : { ok: false });
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('a refresh', () => {
  const [known, fresh] = [listOf(2), { secret: 'whsec_fresh' }];
  const body = '{"id":"evt_1"}';

  test('brings what was stored since, and what was tried already is not tried again', async () => {
    const { verify, asked } = verifierOf(known, [...known, fresh]);
    const header = sign(body, fresh.secret, 'v2', t);
    const cost = await costOf(() => verify(header, body));
    expect(cost.result).toMatchObject({ ok: true, by: [fresh] });
    expect(cost.hashes).toBe(known.length + 1);
    expect(asked).toEqual({ current: 1, refreshed: 1 });
  });

  test('is made for a body that is too large for the list, too, and finds who is new', async () => {
    const many = listOf(500);
    const large = JSON.stringify({ data: 'x'.repeat(MiB) });
    const { verify } = verifierOf(many, [...many, fresh]);
    expect(await verify(sign(large, fresh.secret, 'v2', t), large)).toMatchObject({ ok: true, by: [fresh] });
  });

  test.each([
    ['nothing signed', `t=${t}`],
    ['a header that cannot be read', `t=${t},v2=no hex`],
    ['a tool call', forged],
  ])('is not made for %s, nor are the secrets asked for', async (_case, header) => {
    const { verify, asked } = verifierOf(known, [fresh]);
    expect(await verify(header, body)).toMatchObject({ ok: false });
    expect(asked).toEqual({ current: 0, refreshed: 0 });
  });

  test('that finds none left is our failure', async () => {
    const { verify } = verifierOf(known, []);
    await expect(verify(`t=${t},v2=${forged}`, body)).rejects.toThrow('No signing secret');
  });
});
