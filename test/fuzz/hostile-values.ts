import fc from 'fast-check';

/** What stands in every text, and may stand in no log line. */
export const marker = 'Where is my parcel, Ana?';

const text = (value: string) => JSON.stringify(value);
const nested = (levels: number, inner: string) => '[{"a":'.repeat(levels) + inner + '}]'.repeat(levels);

/** JSON texts, so that they may hold what no value is written as, by names that a failure can print. */
const small = {
  null: 'null',
  true: 'true',
  '-1': '-1',
  '0.5': '0.5',
  '-0': '-0',
  '30003': '30003',
  '1e300': '1e300',
  '-1e300': '-1e300',
  '5e-324': '5e-324',
  'beyond every number': '1e400',
  'below every number': '-1e400',
  '2^53 + 1': '9007199254740993',
  '40 digits': '9'.repeat(40),
  '400 digits': '9'.repeat(400),
  'empty text': '""',
  blank: '" "',
  'NaN as text': '"NaN"',
  '-Infinity as text': '"-Infinity"',
  'a number as text': '"30003"',
  'a time as text': '"2025-01-14T10:20:00Z"',
  'twelve hours ahead': String(Date.now() + 43_200_000),
  'half of a pair': '"\\ud83d"',
  'the other half, and more': '"x\\udc00y"',
  'half a pair in a key': '{"\\ud83d":1}',
  'a null character': '"\\u0000"',
  'a terminal escape': '"\\u001b[31mred\\u001b[0m"',
  'a line of a log': text(`x\n{"level":"ERROR","message":"event","outcome":"dead_lettered"}`),
  '__proto__ as text': '"__proto__"',
  '__proto__ as key': '{"__proto__":{"id":1,"text":2,"toString":3}}',
  'constructor as key': '{"constructor":{"prototype":{"id":1}}}',
  'functions overlaid': '{"toJSON":1,"toString":1,"valueOf":1,"trim":1,"length":1e9,"then":1}',
  'empty list': '[]',
  'empty object': '{}',
  'a list of null': '[null]',
  'a text': text(marker),
  'a text in a list': text(marker).replace(/^.*$/, '[$&]'),
  'a text in an object': `{"text":${text(marker)}}`,
  'a text as key': `{${text(marker)}:1}`,
  'a telephone number': '"+56 9 1234 5678"',
  'U+FFFF and line separators': '"\\uffff\\u2028\\u2029\\u0085"',
  '256 characters': text('x'.repeat(256)),
  '2,049 characters': text('x'.repeat(2_049)),
  '3,000 characters of three bytes': text('你'.repeat(3_000)),
  '10,000 characters of text': text(`${marker} `.repeat(400)),
  '20 levels': nested(10, text(marker)),
  '1,000 keys': `{${Array.from({ length: 1_000 }, (_, index) => `"k ${index}":1`).join()}}`,
} as const;

/** Those that take long. */
const large = {
  '450,000 characters': text('x'.repeat(450_000)),
  '900,000 characters of text': text(`${marker} `.repeat(36_000)),
  '100,000 emojis': text('👋'.repeat(100_000)),
  '2,000 levels': nested(1_000, text(marker)),
  '200,000 levels': nested(100_000, '1'),
  '20,000 keys of text': `{${Array.from({ length: 20_000 }, (_, index) => `"${marker} ${index}":1`).join()}}`,
  '150,000 wrong items': `[${'1,'.repeat(149_999)}1]`,
  '150,000 wrong texts': `[${'"a b",'.repeat(149_999)}1]`,
} as const;

const named: Readonly<Record<string, string>> = { ...small, ...large };

/** What replaces a field: the name of a value above, or JSON of its own. */
export type Replacement = { value: string } | { json: string };

/** Any value that a field does not have, now and then one that takes long. */
export const replacement: fc.Arbitrary<Replacement> = fc.oneof(
  {
    weight: 300,
    arbitrary: fc.constantFrom(...Object.keys(small)).map((value) => ({ value })),
  },
  {
    weight: 100,
    arbitrary: fc.json({ maxDepth: 3, stringUnit: 'binary' }).map((json) => ({ json })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...Object.keys(large)).map((value) => ({ value })) },
);

/** The names of the values that take long, each of which a test of its own may ask for. */
export const largeValues: readonly string[] = Object.keys(large);

export function jsonOf(replacement: Replacement): string {
  return 'json' in replacement ? replacement.json : (named[replacement.value] ?? 'null');
}
