import fc from 'fast-check';
import {
  isLive,
  MalformedSecret,
  parseSecrets,
  type SigningSecret,
} from '../../../lambda/receiver/signing-secret.ts';

describe('parseSecrets', () => {
  test.each<[string, SigningSecret[]]>([
    ['whsec_a', [{ secret: 'whsec_a' }]],
    ['  whsec_a\n', [{ secret: 'whsec_a' }]],
    ['["whsec_a"]', [{ secret: 'whsec_a' }]],
    ['["whsec_a", "whsec_b\\n"]', [{ secret: 'whsec_a' }, { secret: 'whsec_b' }]],
    ['[{"secret":" whsec_a "},"whsec_b"]', [{ secret: 'whsec_a' }, { secret: 'whsec_b' }]],
    [
      '[{"secret":"whsec_a","name":"Chile","sender":"snd_1\\n","project":"prj_1","until":"2026-11-01T12:00:00Z"}]',
      [
        {
          secret: 'whsec_a',
          name: 'Chile',
          sender: 'snd_1',
          project: 'prj_1',
          until: '2026-11-01T12:00:00Z',
        },
      ],
    ],
  ])('%j', (text, secrets) => {
    expect(parseSecrets(text)).toEqual(secrets);
  });

  test.each([
    ...['', '  ', '[]', '[""]', '["whsec_a",""]', '[1]', '[null]', '[["whsec_a"]]', '["whsec_a"'],
    ...['{"a":"whsec_a"}', '{"secret":"whsec_a"}', '[{}]', '[{"secret":""}]', '[{"secret":1}]'],
    // A slip must not make a bound secret one that is not.
    ...['"sendr":"snd_1"', '"Sender":"snd_1"', '"__proto__":{"sender":"snd_1"}'].map(slip),
    ...['"sender":""', '"sender":" "', '"sender":null', '"project":1', '"sender":["snd_1"]'].map(slip),
    ...['"name":{}', '"until":"tomorrow"', '"until":""', '"until":1793534400000'].map(slip),
    // Which noon?
    ...['"until":"2026-11-01T12:00:00"', '"until":"2026-11-01"', '"until":"2026-02-30T12:00:00Z"'].map(slip),
  ])('refuses %j, without quoting it', (text) => {
    expect(() => parseSecrets(text)).toThrow(MalformedSecret);
    expect(() => parseSecrets(text)).not.toThrow(/whsec_|snd_/);
  });

  test('whatever the text: a list of secrets that are none of them empty, or MalformedSecret', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.oneof(fc.string(), fc.dictionary(field, fc.oneof(fc.string(), fc.jsonValue())))).map(json),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let list: readonly SigningSecret[];
        try {
          list = parseSecrets(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedSecret);
          return;
        }
        expect(list.length).toBeGreaterThan(0);
        for (const { secret } of list) expect(secret.trim()).not.toBe('');
      }),
      { numRuns: 5_000 },
    );
  });
});

function slip(field: string): string {
  return `[{"secret":"whsec_a",${field}}]`;
}

const field = fc.constantFrom('secret', 'name', 'sender', 'project', 'until', 'sendr');
const json = (value: unknown) => JSON.stringify(value);

test('an end is the last moment that counts, whatever its zone', () => {
  const noon = Date.parse('2026-11-01T12:00:00Z');
  const secret = { secret: 'whsec_a', until: '2026-11-01T09:00:00-03:00' };
  expect(isLive(secret, noon)).toBe(true);
  expect(isLive(secret, noon + 1)).toBe(false);
  expect(isLive({ secret: 'whsec_a' }, Number.MAX_SAFE_INTEGER)).toBe(true);
});
