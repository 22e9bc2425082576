import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { createSigner } from '../../../lambda/aws/signature-v4.ts';
import { Sha256 } from '../../support/sha256.ts';

const scope = {
  service: 'sqs',
  region: 'eu-west-1',
  host: 'sqs.eu-west-1.amazonaws.com',
  contentType: 'application/x-amz-json-1.0',
};
// One for all, so that a key which it keeps for too long is found out.
const signRequest = createSigner(scope);

/** Names and values in turn, as an object. */
function headersOf(flat: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]]] : [])));
}

test('signs as the SDK does', async () => {
  const credentials = fc.record(
    {
      accessKeyId: fc.string({ unit: fc.constantFrom(...'ABC123'), minLength: 1 }),
      secretAccessKey: fc.constantFrom('wJalrXUtnFEMI/K7MDENG+bPxRfiCY', 'x', 'ñ'),
      sessionToken: fc.base64String({ minLength: 4 }),
    },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  );
  const time = fc.date({ min: new Date('2026-01-01'), max: new Date('2029-12-31'), noInvalidDate: true });
  const body = fc.string({ unit: 'binary' });
  await fc.assert(
    fc.asyncProperty(credentials, body, time, async (credentials, body, signingDate) => {
      const theirs = await new SignatureV4({ ...scope, credentials, sha256: Sha256 }).sign(
        {
          protocol: 'https:',
          hostname: scope.host,
          method: 'POST',
          path: '/',
          headers: {
            host: scope.host,
            'content-type': scope.contentType,
            'x-amz-target': 'AmazonSQS.SendMessage',
          },
          body,
        },
        { signingDate, unsignableHeaders: new Set(['x-amz-content-sha256']) },
      );
      const { 'x-amz-content-sha256': _notSentTwice, ...expected } = theirs.headers;
      const ours = signRequest('AmazonSQS.SendMessage', body, credentials, signingDate.getTime());
      expect(headersOf(ours)).toEqual(expected);
    }),
  );
});
