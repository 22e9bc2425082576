import { inbound } from '../../testing/conformance/test-events.ts';
import { describeFor } from '../support/needs.ts';
import { expectRefused, expectTaken } from './expectations.ts';
import { lookBehind, post, signed, useTarget } from './harness.ts';
import { needs } from './needs.ts';

useTarget({ settings: { acceptedSignatures: 'v2' } });

describeFor(needs.v2Alone, "a target with acceptedSignatures: ['v2']", () => {
  test.each(['v2', 'v1+v2'] as const)('takes a request that is signed with %s', async (scheme) => {
    const event = inbound();
    expectTaken(await post(event, { scheme }), event.id);
    await lookBehind(async ({ stack }) => void (await stack.until(event.id, ['handled'])));
  });

  test.each(['v1', 'sha256'] as const)('refuses a request that is signed with %s', async (scheme) => {
    const event = inbound();
    expectRefused(await post(event, { scheme }), 401, 'invalid_signature', event.id);
  });

  test('refuses a request with v1+v2 from which v2 was taken away', async () => {
    const event = inbound();
    const signature = signed(event, { scheme: 'v1+v2' }).replace(/,v2=.*/, '');
    expectRefused(await post(event, { signature }), 401, 'invalid_signature', event.id);
  });
});
