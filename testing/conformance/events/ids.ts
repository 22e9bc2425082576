import { behaviours } from '../behaviour.ts';
import { inbound, newId } from '../test-events.ts';

/** As long as told, and new in every run as far as that allows. */
const ofLength = (length: number) => `${newId()}_${'x'.repeat(length)}`.slice(-length);

// An id is opaque, and tells duplicates from events: one of at most 200 printable characters is taken as it is.
export const idBehaviours = behaviours('event id', (behaviour) => {
  for (const length of [1, 2, 36, 128, 129, 199, 200, 201, 256, 257, 2_049, 4_096]) {
    behaviour(`of ${length} characters: the event is handled`, async (judge) => {
      const event = inbound('hello', length < 3 ? 'c'.repeat(length) : ofLength(length));
      await judge.handled(await judge.post(event), event);
    });
  }

  behaviour(
    'that differs from another one in its 4,096th character alone: both events are handled',
    async (judge) => {
      const start = `${newId()}_`.padEnd(4_095, 'x');
      const events = [inbound('a', `${start}1`), inbound('b', `${start}2`)];
      for (const event of events) await judge.handled(await judge.post(event), event);
    },
  );

  for (const odd of [' ', '\n', '"', '\\', '👋', '\ud83d', '\u0000', '__proto__', 'constructor', '#', '{}']) {
    behaviour(`that holds ${JSON.stringify(odd)}: the event is handled`, async (judge) => {
      const event = inbound('hello', `${newId()}${odd}`);
      await judge.handled(await judge.post(event), event);
    });
  }

  behaviour(
    'that differs in half an emoji, in case, or in how an accent is written: each event is handled',
    async (judge) => {
      const id = newId();
      for (const end of ['\ud83d', '\ud83e', 'é', 'e\u0301', 'X', 'x', 'x ']) {
        const event = inbound('hello', `${id}${end}`);
        await judge.handled(await judge.post(event), event);
      }
    },
  );
});
