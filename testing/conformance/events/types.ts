import { sample, sampleTypes } from '../../../lambda/zavu/samples.ts';
import { expectHandled, expectUnrouted } from '../../../test/conformance/expectations.ts';
import { post } from '../../../test/conformance/harness.ts';
import { eventOf, inbound, newId } from '../test-events.ts';

describe('event type', () => {
  test.each(sampleTypes)('%s of the catalogue: its handler runs, once', async (type) => {
    const event = { ...JSON.parse(sample(type)), id: newId() };
    await expectHandled(await post(event), event);
  });

  test.each(['a.type.of.tomorrow', 'constructor', '__proto__', ' ', 'Message.Inbound', 'ñ'])(
    '%j that is not in the catalogue: the event is taken and unrouted',
    async (type) => {
      const event = eventOf(type, '');
      await expectUnrouted(await post(event), event.id, JSON.stringify(event));
    },
  );

  test('of the catalogue with empty data and unknown fields: its handler runs all the same', async () => {
    const event = { ...inbound(), data: {}, tomorrow: [1] };
    await expectHandled(await post(event), event);
  });
});
