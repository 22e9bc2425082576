import { confidentialOf, confidentialSamples, revealed } from './support/confidential.ts';

/** The search that every end-to-end test ends with must find what it looks for. */
test.each([
  ['{"error":"no secret whsec_test_9f3a2b1c"}', 'whsec_test_9f3a2b1c'],
  [`{"signature":"${'3f'.repeat(32)}"}`, '3f'.repeat(32)],
  [`{"signature":"sha256=${'3f'.repeat(32)}"}`, '3f'.repeat(32)],
  ['{"to":"+56912345678"}', '+56912345678'],
  ['{"line":"Hello, I need help with my order!"}', 'Hello, I need help with my order'],
])('%s reveals something', (line, what) => {
  expect(revealed(line, confidentialSamples)).toBe(what);
});

test.each([
  '{"outcome":"handled","id":"evt_1736850000000_abc123","ms":12,"trace":"1-5759e988-bd862e3fe1be46a994272793"}',
  '{"outcome":"rejected","reason":"stale_signature"}',
  `{"outcome":"unrouted","reason":"unreadable","id":"sha256:${'3f'.repeat(32)}"}`,
  `INIT_START Runtime Version ARN: arn:aws:lambda:us-east-1::runtime:${'3f'.repeat(32)}`,
  `{"at":["at file:///tmp/assembly/asset.${'3f'.repeat(32)}/index.mjs:13:21762"]}`,
])('%s reveals nothing', (line) => {
  expect(revealed(line, confidentialSamples)).toBeUndefined();
});

test('texts and addresses are those of customers, however deep, as a log would write them', () => {
  const data = {
    messageId: 'a long message id',
    text: 'line one\nline "two"',
    content: { contacts: [{ name: 'A customer of ours' }] },
    to: 'short',
  };
  expect(confidentialOf(JSON.stringify({ data }))).toEqual([
    String.raw`line one\nline \"two\"`,
    'A customer of ours',
  ]);
  expect(confidentialOf(JSON.stringify({ data: { text: 'Señora mía, hola' } }))).toEqual([
    'Señora mía, hola',
    String.raw`Se\u00f1ora m\u00eda, hola`,
  ]);
  expect(confidentialOf('not JSON')).toEqual([]);
});
