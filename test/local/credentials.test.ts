import { createCredentials, credentialsOf, functionOf } from '../../local/credentials.ts';

const run = createCredentials();

test('an access key leads back to its function, in its own run alone', () => {
  const { accessKeyId } = credentialsOf('InboundFunction1A2B3C4D', run);
  expect(functionOf(accessKeyId, run)).toBe('InboundFunction1A2B3C4D');
  expect(functionOf(accessKeyId, createCredentials())).toBeUndefined();
});

test.each([
  ['the name of a function', 'InboundFunction'],
  [
    'the key of another function',
    `AccountFunction${credentialsOf('InboundFunction', run).accessKeyId.slice(-32)}`,
  ],
  ['a name with a guess', `InboundFunction${'0'.repeat(32)}`],
  ['the key of nothing', credentialsOf('', run).accessKeyId],
  ['the key of the run', run.accessKeyId],
  ['nothing', ''],
])('%s is no access key of a function', (_case, key) => {
  expect(functionOf(key, run)).toBeUndefined();
});

test('they are of letters and digits alone, as DynamoDB Local wants them', () => {
  for (const { accessKeyId } of [run, credentialsOf('InboundFunction', run)]) {
    expect(accessKeyId).toMatch(/^[A-Za-z0-9]{32,}$/);
  }
});
