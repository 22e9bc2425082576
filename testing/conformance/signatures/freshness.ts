import { settingsSchema } from '../../../lib/settings/schema.ts';
import { expectHandled, expectRefused } from '../../../test/conformance/expectations.ts';
import { type Posting, post, target } from '../../../test/conformance/harness.ts';
import { needs } from '../../../test/conformance/needs.ts';
import { describeFor } from '../../../test/support/needs.ts';
import { timeoutMs } from '../../../test/support/test-timing.ts';
import type { RawAnswer } from '../raw-http.ts';
import { inbound } from '../test-events.ts';

// A deployed target is expected to have the defaults.
const { toleranceSeconds: oldest, futureToleranceSeconds: furthestAhead } = settingsSchema.parse({});

interface Judged {
  event: ReturnType<typeof inbound>;
  answer: RawAnswer;
}

/** The target's clock in seconds: as early and as late as it can be. */
const earliest = () => (Date.now() + target.aheadMs - target.uncertainMs) / 1000;
const latest = () => (Date.now() + target.aheadMs + target.uncertainMs) / 1000;

/**
 * Posts an event whose signature is a second further than an age, on the side from which time moves it away: an answer
 * may take as long as it likes.
 *
 * @param age in seconds; negative is ahead of the clock
 */
async function postOlderThan(age: number, options: Posting): Promise<Judged> {
  const event = inbound();
  const at = Math.floor(earliest()) - age - 1;
  return { event, answer: await post(event, { ...options, at }) };
}

/**
 * Posts an event whose signature is younger than an age and grows towards it while the request is under way. An answer
 * that came when the age may have been passed proves nothing: then another event is sent, twice as far from it.
 */
async function postYoungerThan(age: number, options: Posting): Promise<Judged> {
  const deadline = Date.now() + timeoutMs;
  for (let margin = 1; Date.now() < deadline; margin *= 2) {
    const event = inbound();
    const at = Math.floor(latest()) - age + margin;
    const answer = await post(event, { ...options, at });
    if (latest() - at < age) return { event, answer };
  }
  throw new Error(`No answer within ${timeoutMs} ms came before the signature was ${age} s old.`);
}

for (const scheme of ['v1', 'v2'] as const) {
  describe(`freshness of a ${scheme} signature`, () => {
    describeFor(needs.scheme(scheme), 'by its time', () => {
      test(`a second before it is ${oldest} s old: it is taken`, async () => {
        const { event, answer } = await postYoungerThan(oldest, { scheme });
        await expectHandled(answer, event);
      });

      test(`a second after it was ${oldest} s old: it is refused`, async () => {
        const { event, answer } = await postOlderThan(oldest, { scheme });
        expectRefused(answer, 401, 'stale_signature', event.id);
      });

      test(`a second less than ${furthestAhead} s ahead: it is taken`, async () => {
        const { event, answer } = await postOlderThan(-furthestAhead, { scheme });
        await expectHandled(answer, event);
      });

      test(`a second more than ${furthestAhead} s ahead: it is refused`, async () => {
        const { event, answer } = await postYoungerThan(-furthestAhead, { scheme });
        expectRefused(answer, 401, 'stale_signature', event.id);
      });
    });

    test('by a wrong secret, and old: it is refused as invalid, and not as stale', async () => {
      const event = inbound();
      const answer = await post(event, { scheme, secret: 'whsec_stranger', at: 1 });
      expectRefused(answer, 401, 'invalid_signature', event.id);
    });
  });
}

describeFor(needs.scheme('sha256'), 'freshness of a sha256 signature', () => {
  test('it has no time, so it is never stale', async () => {
    const event = inbound();
    await expectHandled(await post(event, { scheme: 'sha256', at: 1 }), event);
  });
});
