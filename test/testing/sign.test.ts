import { createHmac } from 'node:crypto';
import { senderSchemes } from '../../lambda/zavu/sign.ts';
import { schemes } from '../../lambda/zavu/signature.ts';
import { sample } from '../../testing/sample.ts';
import { sign } from '../../testing/sign.ts';
import { receiverInMemory } from '../support/receiver-in-memory.ts';

const secret = 'whsec_test_9f3a2b1c';
const body = JSON.stringify(sample('message.inbound', { text: '¿Hola?' }));

/** The status that the receiver answers. */
async function post(headers: Record<string, string>): Promise<unknown> {
  const policy = { accepted: schemes, toleranceSeconds: 300, futureToleranceSeconds: 60 };
  const { handle } = receiverInMemory([{ secret }], { policy });
  const request = { headers, body, isBase64Encoded: false, requestContext: { requestId: 'req_1' } };
  return Object(await handle(request as never)).statusCode;
}

test.each(senderSchemes)('the receiver takes what is signed with %s', async (scheme) => {
  expect(await post(sign(body, secret, { scheme }))).toBe(200);
  expect(await post(sign(body, `${secret}x`, { scheme }))).toBe(401);
});

test('it is signed with v2, and now, unless it is told otherwise', async () => {
  const at = new Date(1_736_850_000_999);
  expect(sign('{}', secret, { at })).toEqual({
    'content-type': 'application/json',
    'x-zavu-signature': `t=1736850000,v2=${createHmac('sha256', secret).update('1736850000.{}').digest('hex')}`,
  });
  expect(await post(sign(body, secret))).toBe(200);
  expect(await post(sign(body, secret, { at: new Date(Date.now() - 400_000) }))).toBe(401);
});
