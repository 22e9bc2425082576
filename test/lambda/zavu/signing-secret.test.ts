import fc from 'fast-check';
import * as z from 'zod/mini';
import {
  isLive,
  MalformedSecret,
  parseSecrets,
  type SigningSecret,
} from '../../../lambda/zavu/signing-secret.ts';

describe('parseSecrets', () => {
  test.each<[string, SigningSecret[]]>([
    ['whsec_of_sender_a', [{ secret: 'whsec_of_sender_a' }]],
    ['  whsec_of_sender_a\n', [{ secret: 'whsec_of_sender_a' }]],
    ['["whsec_of_sender_a"]', [{ secret: 'whsec_of_sender_a' }]],
    [
      '["whsec_of_sender_a", "whsec_of_sender_b\\n"]',
      [{ secret: 'whsec_of_sender_a' }, { secret: 'whsec_of_sender_b' }],
    ],
    [
      '[{"secret":" whsec_of_sender_a "},"whsec_of_sender_b"]',
      [{ secret: 'whsec_of_sender_a' }, { secret: 'whsec_of_sender_b' }],
    ],
    [
      '[{"secret":"whsec_of_sender_a","name":"Chile","sender":"snd_1\\n","project":"prj_1","expiresAt":"2026-11-01T12:00:00Z"}]',
      [
        {
          secret: 'whsec_of_sender_a',
          name: 'Chile',
          sender: 'snd_1',
          project: 'prj_1',
          expiresAt: '2026-11-01T12:00:00Z',
        },
      ],
    ],
  ])('%j', (text, secrets) => {
    expect(parseSecrets(text)).toEqual(secrets);
  });

  test.each([
    ...[
      '',
      '  ',
      '[]',
      '[""]',
      '["whsec_of_sender_a",""]',
      '[1]',
      '[null]',
      '[["whsec_of_sender_a"]]',
      '["whsec_of_sender_a"',
    ],
    ...[
      '{"a":"whsec_of_sender_a"}',
      '{"secret":"whsec_of_sender_a"}',
      '[{}]',
      '[{"secret":""}]',
      '[{"secret":1}]',
    ],
    // A slip must not make a bound secret one that is not.
    ...['"sendr":"snd_1"', '"Sender":"snd_1"', '"__proto__":{"sender":"snd_1"}'].map(slip),
    ...['"sender":""', '"sender":" "', '"sender":null', '"project":1', '"sender":["snd_1"]'].map(slip),
    ...['"name":{}', '"expiresAt":"tomorrow"', '"expiresAt":""', '"expiresAt":1793534400000'].map(slip),
    // Which noon?
    ...[
      '"expiresAt":"2026-11-01T12:00:00"',
      '"expiresAt":"2026-11-01"',
      '"expiresAt":"2026-02-30T12:00:00Z"',
    ].map(slip),
    ...[
      '"expiresAt":"2026-11-01T12:00Z"',
      '"expiresAt":"2026-11-01T24:00:00Z"',
      '"expiresAt":"2026-11-01T12:00:00+24:00"',
    ].map(slip),
  ])('refuses %j, without quoting it', (text) => {
    expect(() => parseSecrets(text)).toThrow(MalformedSecret);
    expect(() => parseSecrets(text)).not.toThrow(/whsec_|snd_/);
  });

  const good = 'whsec_9f3a2b1c77aa01';
  test.each([
    ['quotes', [`"${good}"`, `'${good}'`, `\`${good}\``, `'["${good}"]'`, `${good}"`, `\\"${good}\\"`]],
    [
      'white space',
      ['whsec_9f3a 2b1c77aa01', `${good}\n${good}`, `${good}\t#`, `whsec_\0${good}`, `${good}\u007f1`],
    ],
    ['outside ASCII', [`${good}…`, `“${good}”`, `${good}\u200b`, `whsec_é9f3a2b1c77aa01`, `${good}\ud800`]],
    ['brackets or commas', [`${good},${good}`, `<${good}>`, `(${good}]`, `${good}{}`]],
    ['fewer than 16', ['whsec_', 'whsec_9f3a2b1c0', 'a', '*']],
  ])('a secret with %s is not right, alone or in a list', (sentence, secrets) => {
    for (const secret of secrets) {
      const texts = [secret, JSON.stringify([secret]), JSON.stringify([{ secret, name: 'Chile' }])];
      for (const text of texts) {
        expect(() => parseSecrets(text)).toThrow(MalformedSecret);
        expect(() => parseSecrets(text)).toThrow(sentence);
        expect(() => parseSecrets(text)).not.toThrow(/9f3a/);
      }
      // One that is not right ends the list: it would be refused as forged for ever, and nobody would know.
      expect(() => parseSecrets(JSON.stringify([good, secret]))).toThrow(/Number 2: .*\.$/);
    }
  });

  test.each([
    good,
    'whsec_AAAAAAAA+/==',
    'whsec_live-1.2~3:4|5',
    'another-prefix-0123456789',
    'pL4ceh0lderOf64LettersAndDigits'.padEnd(64, '0aB'),
    'x'.repeat(256),
    // As an editor on Windows writes it.
    `\ufeff${good}\r\n`,
  ])('one that may be right passes: %j', (text) => {
    expect(parseSecrets(text)).toEqual([{ secret: text.trim() }]);
  });

  test.each([
    ['sender', ["'snd_1'", '"snd_1"', 'snd 1', 'snd_1\u0000', 's'.repeat(257)]],
    ['project', ["'prj_1'", 'prj\t1']],
    ['name', ['Chile\u001b[2J']],
  ])('a %s that fits no event, or cannot be shown, is not right', (field, values) => {
    for (const value of values) {
      const text = JSON.stringify([{ secret: good, [field]: value }]);
      expect(() => parseSecrets(text)).toThrow(`Its ${field} has`);
      expect(() => parseSecrets(text)).not.toThrow(/9f3a|snd|prj/);
    }
  });

  test('whatever the text: a list of secrets that are none of them empty, or MalformedSecret', () => {
    const word = fc.stringMatching(/^\w{14,20}$/);
    const texts = fc.oneof(
      fc.string(),
      fc.string({ minLength: 14, maxLength: 20 }),
      fc.json(),
      fc.array(fc.oneof(fc.string(), fc.dictionary(field, fc.oneof(fc.string(), fc.jsonValue())))).map(json),
      fc.array(fc.oneof(word, fc.dictionary(field, word)), { maxLength: 3 }).map(json),
    );
    const lengths = new Set<number>();
    fc.assert(
      fc.property(texts, (text) => {
        let list: readonly SigningSecret[];
        try {
          list = parseSecrets(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedSecret);
          return;
        }
        lengths.add(list.length);
        for (const { secret } of list) expect(secret).toMatch(/^[!-~]{16,}$/);
      }),
      { numRuns: 5_000 },
    );
    // No list is empty, and those of several were reached.
    expect([...lengths].sort()).toEqual([1, 2, 3]);
  });
});

function slip(field: string): string {
  return `[{"secret":"whsec_of_sender_a",${field}}]`;
}

const field = fc.constantFrom('secret', 'name', 'sender', 'project', 'expiresAt', 'sendr');
const json = (value: unknown) => JSON.stringify(value);

test('a list that was stored earlier may call expiresAt until, and never both', () => {
  const older = '"until":"2026-11-01T12:00:00Z"';
  const expected = [{ secret: 'whsec_of_sender_a', expiresAt: '2026-11-01T12:00:00Z' }];
  expect(parseSecrets(slip(older))).toEqual(expected);
  expect(() => parseSecrets(slip('"until":"tomorrow"'))).toThrow(MalformedSecret);
  expect(() => parseSecrets(slip(`${older},"expiresAt":"2026-11-01T12:00:00Z"`))).toThrow(MalformedSecret);
});

test('an end is the last moment that counts, whatever its zone', () => {
  const noon = Date.parse('2026-11-01T12:00:00Z');
  const secret = { secret: 'whsec_a', expiresAt: '2026-11-01T09:00:00-03:00' };
  expect(isLive(secret, noon)).toBe(true);
  expect(isLive(secret, noon + 1)).toBe(false);
  expect(isLive({ secret: 'whsec_a' }, Number.MAX_SAFE_INTEGER)).toBe(true);
});

describe('the list', () => {
  const filled = z.string().check(z.trim(), z.minLength(1));
  const entry = z.strictObject({
    secret: filled,
    name: z.optional(filled),
    sender: z.optional(filled),
    project: z.optional(filled),
    expiresAt: z.optional(z.iso.datetime({ offset: true })),
  });
  const schema = z.array(z.union([filled, entry])).check(z.minLength(1));

  const secret = fc.constantFrom('whsec_of_sender_a', ' whsec_of_sender_b\n', '', ' ', 7, null, [
    'whsec_of_sender_a',
  ]);
  const id = fc.constantFrom('snd_1', ' snd_1 ', '', 1, null, {}, []);
  const two = (most: number) =>
    fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, '0'));
  const expiresAt = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('2026', '2028', '1900', '26'),
        two(13),
        two(32),
        two(24),
        two(60),
        fc.constantFrom('', ':00', ':59.5', ':60'),
        fc.constantFrom('Z', '', '+02:00', '-03:30', '+2'),
      )
      .map(
        ([year, month, day, hour, minute, second, zone]) =>
          `${year}-${month}-${day}T${hour}:${minute}${second}${zone}`,
      ),
    fc.constantFrom('', 'tomorrow', 1_793_534_400_000, null),
  );
  const object = fc.record(
    { secret, name: id, sender: id, project: id, expiresAt, sendr: id, constructor: id },
    { requiredKeys: [] },
  );
  const lists = fc.array(fc.oneof(secret, object), { maxLength: 3 });

  test('is taken as a schema takes it, and no other is', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const due = schema.safeParse(list);
        let found: readonly SigningSecret[] | undefined;
        try {
          found = parseSecrets(JSON.stringify(list));
        } catch (error) {
          if (!(error instanceof MalformedSecret)) throw error;
        }
        const expected = due.success
          ? due.data.map((item) => (typeof item === 'string' ? { secret: item } : item))
          : undefined;
        expect(found).toEqual(expected);
      }),
      { numRuns: 20_000 },
    );
  });
});
