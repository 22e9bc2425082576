import { behaviours } from '../behaviour.ts';
import { inbound, newId, withData } from '../test-events.ts';

/** JSON of nothing but lists in lists. */
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** What data holds, as JSON. */
const oddData: readonly [string, string][] = [
  [
    'numbers beyond what JavaScript holds',
    '{"a":12345678901234567890,"b":1e400,"c":-1e-400,"d":0.1000000000000000055}',
  ],
  ['a number of 10,000 digits', `{"a":${'9'.repeat(10_000)}}`],
  ['__proto__ as a key', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
  ['the same key twice', '{"a":1,"a":2}'],
  ['5,000 levels', `{"a":${nested(5_000)}}`],
  ['200,000 levels', `{"a":${nested(200_000)}}`],
  ['20,000 keys', JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])))],
  ['keys outside ASCII', '{"ñ":"\\ud83d","\u2028":1}'],
];

/** Bodies that are no events. */
const noEvents: readonly [string, () => string][] = [
  ['JSON that is cut short', () => `{"id":"${newId()}`],
  ['nothing', () => ''],
  ['characters beyond U+FFFF, and no type', () => `{"event":"${newId()} 👋"}`],
  ['one byte that is no JSON', () => '{'],
  ['JSON and more behind it', () => '{} {}'],
  ['one byte that is JSON', () => '1'],
  ['null', () => 'null'],
  ['a string', () => '"event"'],
  ['a list of events', () => JSON.stringify([inbound()])],
  ['an event under the key __proto__', () => `{"__proto__":${withData('{}', newId())}}`],
  ['an event within another envelope', () => JSON.stringify({ event: inbound() })],
  ['an event without a type', () => JSON.stringify({ ...inbound(), type: undefined })],
  ['an event with a number as its type', () => JSON.stringify({ ...inbound(), type: 7 })],
  ['an event with an empty type', () => JSON.stringify({ ...inbound(), type: '' })],
];

export const jsonBehaviours = [
  ...behaviours('JSON of an event', (behaviour) => {
    for (const [what, data] of oddData) {
      behaviour(`with ${what}: it is kept as it was signed`, async (judge) => {
        const id = newId();
        const body = withData(data, id);
        await judge.unrouted(await judge.post(body), id, body);
      });
    }

    behaviour('with 200,000 levels, of a type with a handler: the handler runs', async (judge) => {
      const event = inbound();
      const body = JSON.stringify(event).replace('"data":{', `"data":{"deep":${nested(200_000)},`);
      await judge.handled(await judge.post(body), event);
    });

    behaviour('with two ids: the last one counts, as for every reader of JSON', async (judge) => {
      const id = newId();
      const body = withData('{}', id).replace('{', '{"id":"first",');
      await judge.unrouted(await judge.post(body), id, body);
    });

    behaviour("with __proto__ beside the event's fields: its own type counts", async (judge) => {
      const id = newId();
      const body = withData('{}', id).replace('{', '{"__proto__":{"type":"message.inbound"},');
      await judge.unrouted(await judge.post(body), id, body);
    });
  }),
  ...behaviours('a signed body that is no event is taken and unrouted as unreadable:', (behaviour) => {
    for (const [what, write] of noEvents) {
      behaviour(what, async (judge) => {
        const body = Buffer.from(write());
        await judge.unreadable(await judge.post(body), body);
      });
    }
  }),
];
