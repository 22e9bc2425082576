import { sample, sampleTypes } from '../../../lambda/zavu/samples.ts';
import { behaviours } from '../behaviour.ts';
import { eventOf, inbound, newId } from '../test-events.ts';

export const typeBehaviours = behaviours('event type', (behaviour) => {
  for (const type of sampleTypes) {
    behaviour(`${type} of the catalogue: its handler runs, once`, async (judge) => {
      const event = { ...JSON.parse(sample(type)), id: newId() };
      await judge.handled(await judge.post(event), event);
    });
  }

  for (const type of ['a.type.of.tomorrow', 'constructor', '__proto__', ' ', 'Message.Inbound', 'ñ']) {
    behaviour(
      `${JSON.stringify(type)} that is not in the catalogue: the event is taken and unrouted`,
      async (judge) => {
        const event = eventOf(type, '');
        await judge.unrouted(await judge.post(event), event.id, JSON.stringify(event));
      },
    );
  }

  behaviour(
    'of the catalogue with empty data and unknown fields: its handler runs all the same',
    async (judge) => {
      const event = { ...inbound(), data: {}, tomorrow: [1] };
      await judge.handled(await judge.post(event), event);
    },
  );
});
