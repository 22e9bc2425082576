import { isApiKey, parseApiKeys } from '../../../lambda/reconcile/api-keys.ts';

test.each([
  ['one', 'zv_live_a1', ['zv_live_a1']],
  [
    'one a line, whatever ends the lines',
    '\ufeffzv_live_a1\r\n\n zv_live_b-2 \n',
    ['zv_live_a1', 'zv_live_b-2'],
  ],
  ['one that stands there twice', 'zv_live_a1\nzv_live_a1', ['zv_live_a1']],
  // Whether it is refused is decided by what Zavu says of it.
  ['one of test mode', 'zv_test_a1', ['zv_test_a1']],
])('keys of a secret: %s', (_case, text, expected) => {
  expect(parseApiKeys(text)).toEqual(expected);
});

test.each([
  ['the text that the secret has at first', 'pL4ceh0lderOf64LettersAndDigits'.padEnd(64, '0aB')],
  ['nothing', ' \n'],
  ['a signing secret', 'whsec_0123456789abcdef'],
  ['a key, and a text that is none', 'zv_live_a1\nhunter2'],
  ['a list as signing secrets have it', '["zv_live_a1"]'],
])('%s is refused, with the command that stores one, and is not quoted', (_case, text) => {
  const parse = () => parseApiKeys(text);
  expect(parse).toThrow('Store it: `npx zavu-webhooks secrets api-key`.');
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    expect(parse).not.toThrow(word);
  }
});

test.each([
  ['zv_live_a1', true],
  ['zv_live_', false],
  ['zv_live_a b', false],
  ['zv_LIVE_a1', false],
  ['Bearer zv_live_a1', false],
  [`zv_live_${'a'.repeat(201)}`, false],
])('%j: a key is %p', (text, expected) => {
  expect(isApiKey(text)).toBe(expected);
});
