import fc from 'fast-check';
import { FilterPatternError, parseFilterPattern } from '../../../../local/aws/cloudwatch/filter-pattern.ts';

const line = {
  outcome: 'rejected',
  reason: 'invalid_signature',
  status: 401,
  code: '429',
  empty: '',
  nothing: null,
  flag: true,
  users: [{ id: 2 }, { id: 3 }],
  nested: { 'a-b': 'Ev*ent' },
};

test.each([
  '{ $.outcome = "rejected" }',
  '{$.outcome=rejected}',
  '{ ($.outcome = "rejected") && ($.reason = "invalid_signature") }',
  '{ $.outcome = "handled" || $.reason = "invalid*" }',
  '{ $.outcome = "handled" && $.outcome = "handled" || $.status = 401 }',
  '{ $.reason = "*signature" }',
  '{ $.reason = "*valid_s*" }',
  '{ $.reason = * }',
  '{ $.reason = "*" }',
  '{ $.reason != "missing_signature" }',
  '{ $.status = 401 }',
  '{ $.status != 400 }',
  '{ $.status = 4* }',
  '{ $.status = * }',
  '{ $.status >= 401 && $.status <= 4.01e2 && $.status > -1 && $.status < +402 }',
  '{ $.code = 429 }',
  '{ $.code = "429" }',
  '{ $.users[1].id = 3 }',
  '{ $.nested.a-b = "Ev*ent" }',
  '{ $.nothing IS NULL }',
  '{ $.flag IS TRUE }',
  '{ $.missing NOT EXISTS }',
])('%s matches', (pattern) => {
  expect(parseFilterPattern(pattern)(line)).toBe(true);
});

test.each([
  '{ $.outcome = "handled" }',
  '{ $.outcome = "Rejected" }',
  '{ $.outcome = "reject" }',
  '{ ($.outcome = "handled" || $.status = 401) && $.reason = "none" }',
  '{ $.reason != "invalid*" }',
  // https://github.com/DataBiosphere/azul/issues/5884
  '{ $.missing != "foo" }',
  '{ $.missing = "*" }',
  '{ $.nested.missing.deeper = "*" }',
  // AWS's page: a selector must point at a text or a number, or the filter is not applied.
  '{ $.users != 1 }',
  '{ $.nothing != "x" }',
  '{ $.flag = "*" }',
  '{ $.status = "401" }',
  '{ $.code > 400 }',
  '{ $.nested.a-b = "E*nt" }',
  '{ $.nothing NOT EXISTS }',
  '{ $.missing IS NULL }',
  '{ $.flag IS FALSE }',
  '{ $.constructor = "*" }',
  '{ $.users.length = 2 }',
])('%s does not match', (pattern) => {
  expect(parseFilterPattern(pattern)(line)).toBe(false);
});

test.each([undefined, null, 'text', 7, ['a']])('no line but a JSON object matches: %p', (other) => {
  expect(parseFilterPattern('{ $.reason = * || $.a[0] = * }')(other)).toBe(false);
});

test.each([
  ['a term', 'ERROR'],
  ['nothing', ''],
  ['fields between spaces', '[ip, status = 4*]'],
  ['a regular expression', '{ $.reason = %sign% }'],
  ['an order of texts', '{ $.reason > "a" }'],
  ['a selector without its root', '{ reason = "a" }'],
  ['no operand', '{ $.reason = }'],
  ['an open parenthesis', '{ ($.reason = "a" }'],
  ['something behind its end', '{ $.reason = "a" } x'],
  ['single quotes', "{ $.reason = 'a' }"],
  ['an escape', '{ $.reason = "a\\"b" }'],
  ['more than 1,024 characters', `{ $.reason = "${'a'.repeat(1_024)}" }`],
])('refuses %s', (_case, pattern) => {
  expect(() => parseFilterPattern(pattern)).toThrow(FilterPatternError);
});

test('throws its own error only, whatever the pattern', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '(',
    ')',
    '$.a',
    '$.b[0]',
    '=',
    '!=',
    '<',
    '&&',
    '||',
    '"x"',
    '*',
    '1',
    'IS NULL',
    'NOT EXISTS',
    ' ',
  );
  const pattern = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 400 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(pattern, fc.jsonValue(), (text, json) => {
      try {
        expect(typeof parseFilterPattern(text)(json)).toBe('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(FilterPatternError);
      }
    }),
  );
});

test('AND binds closer than OR, as a pattern with parentheses shows', () => {
  const names = ['a', 'b', 'c'] as const;
  fc.assert(
    fc.property(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), ([a, b, c]) => {
      const [one, two, three] = names.map((name) => `$.${name} = 1`);
      const json = { a: Number(a), b: Number(b), c: Number(c) };
      expect(parseFilterPattern(`{ ${one} || ${two} && ${three} }`)(json)).toBe(a || (b && c));
      expect(parseFilterPattern(`{ (${one} || ${two}) && ${three} }`)(json)).toBe((a || b) && c);
    }),
  );
});
