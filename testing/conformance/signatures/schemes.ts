import { sample } from '../../../lambda/zavu/samples.ts';
import { type SenderScheme, senderSchemes, sign } from '../../../lambda/zavu/sign.ts';
import {
  expectHandled,
  expectHandledOnce,
  expectRefused,
  expectTaken,
} from '../../../test/conformance/expectations.ts';
import { nowSeconds, post, targetSecret } from '../../../test/conformance/harness.ts';
import { needs } from '../../../test/conformance/needs.ts';
import { describeFor } from '../../../test/support/needs.ts';
import { guideTypes } from '../guide-types.ts';
import type { RawAnswer } from '../raw-http.ts';
import { inbound, newId } from '../test-events.ts';

interface Delivered {
  id: string;
  answers: readonly RawAnswer[];
}

/** Sends the guide's sample of a type, signed as Zavu signs it: five times in turn and then twice at once. */
async function deliverSample(type: string, scheme: SenderScheme): Promise<Delivered> {
  const text = sample(type);
  const { id: original }: { id: string } = JSON.parse(text);
  const id = newId();
  const body = text.replace(original, id);
  const deliver = () => post(body, { signature: sign(body, targetSecret(), scheme, nowSeconds()) });

  const answers: RawAnswer[] = [];
  for (let time = 0; time < 5; time++) answers.push(await deliver());
  answers.push(...(await Promise.all([deliver(), deliver()])));
  return { id, answers };
}

for (const scheme of senderSchemes) {
  describeFor(needs.scheme(scheme), `a sample of Zavu's webhook guide, signed with ${scheme}`, () => {
    let delivered: Map<string, Delivered>;
    // All at once: a delivery that meets another one in progress waits, and these waits pass together.
    beforeAll(async () => {
      const each = guideTypes.map(async (type) => [type, await deliverSample(type, scheme)] as const);
      delivered = new Map(await Promise.all(each));
    });

    test.each(guideTypes)('is taken at each of seven deliveries, and handled once: %s', async (type) => {
      const { id, answers } = delivered.get(type) ?? { id: '', answers: [] };
      expect(answers).toHaveLength(7);
      for (const answer of answers) expectTaken(answer, id);
      await expectHandledOnce(id, answers.length);
    });
  });
}

describe('a body that is not what was signed', () => {
  test.each(senderSchemes)('is refused if a character was changed after signing with %s', async (scheme) => {
    const event = inbound('hello');
    const body = JSON.stringify(event);
    const signature = sign(body, targetSecret(), scheme, nowSeconds());
    const answer = await post(body.replace('hello', 'hullo'), { signature });
    expectRefused(answer, 401, 'invalid_signature', event.id);
  });

  describeFor(needs.scheme('sha256'), 'under sha256', () => {
    test('is accepted if a proxy has spaced its JSON in another way', async () => {
      const event = inbound();
      const signature = sign(JSON.stringify(event), targetSecret(), 'sha256', 0);
      await expectHandled(await post(JSON.stringify(event, null, 2), { signature }), event);
    });

    test('is refused, and fails nothing, if it is 200,000 levels deep', async () => {
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      const answer = await post(deep, { signature: `sha256=${'0'.repeat(64)}` });
      expectRefused(answer, 401, 'invalid_signature');
    });
  });

  test.each(['v1', 'v2'] as const)(
    'is refused under %s if a proxy has spaced its JSON in another way',
    async (scheme) => {
      const event = inbound();
      const signature = sign(JSON.stringify(event), targetSecret(), scheme, nowSeconds());
      const answer = await post(JSON.stringify(event, null, 2), { signature });
      expectRefused(answer, 401, 'invalid_signature', event.id);
    },
  );
});
