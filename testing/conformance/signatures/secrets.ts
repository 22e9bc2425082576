import { senderSchemes } from '../../../lambda/zavu/sign.ts';
import { expectHandled, expectRefused } from '../../../test/conformance/expectations.ts';
import { post, target, targetSecret } from '../../../test/conformance/harness.ts';
import { needs } from '../../../test/conformance/needs.ts';
import { describeFor } from '../../../test/support/needs.ts';
import { inbound } from '../test-events.ts';

describe('signing secret', () => {
  test.each(senderSchemes)('that the target does not know is refused, under %s', async (scheme) => {
    const event = inbound();
    const answer = await post(event, { scheme, secret: 'whsec_stranger' });
    expectRefused(answer, 401, 'invalid_signature', event.id);
  });

  test('that is right but for its prefix is refused', async () => {
    const event = inbound();
    const secret = targetSecret().replace(/^whsec_/, '_');
    expectRefused(await post(event, { secret }), 401, 'invalid_signature', event.id);
  });

  describeFor(needs.severalSecrets, 'of a list', () => {
    test('that stands second is accepted as the first is', async () => {
      const event = inbound();
      await expectHandled(await post(event, { secret: target.secrets[1] }), event);
    });
  });
});
