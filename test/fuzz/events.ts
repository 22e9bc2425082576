import fc from 'fast-check';
import { canaryType } from '../../lambda/routing/canary-event.ts';
import { noise } from '../../testing/conformance/noise.ts';
import { routes, workerNames } from '../support/handlers.ts';

export const nowSeconds = 1_736_850_000;

/** An id as Zavu's are: none of it is a blank. */
const printable = fc.stringMatching(/^[!-~]{1,60}$/);
/** Any text, halves of pairs included where JSON can say them. */
export const unicode = fc.string({ unit: 'binary', maxLength: 40 });

/** What has no business in an envelope's field. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, -0.5, 1.5, 7, 1e300, -1e300, 5e-324, 2 ** 53 - 1, 2 ** 53, -(2 ** 53)],
    ...['', ' ', '0', '-1', '7', 'NaN', 'Infinity', 'null', '\ud83d', '\udc00x', '\0', '__proto__', 'é'],
    ...[[], {}, [1], [null], { id: 'evt_1' }, { toString: 'x' }, { toJSON: 1 }],
    ...[
      'x'.repeat(200),
      'x'.repeat(201),
      'x'.repeat(256),
      'x'.repeat(257),
      '👋'.repeat(128),
      `${'👋'.repeat(128)}x`,
      '9'.repeat(400),
    ],
  ),
  unicode,
  fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }),
);

const timesMs = fc.oneof(
  fc.integer({ min: (nowSeconds - 7_200) * 1000, max: (nowSeconds + 7_200) * 1000 }),
  fc.constantFrom(
    ...[0, 1, Date.UTC(2020, 0) - 1, Date.UTC(2020, 0), (nowSeconds - 3_600) * 1000],
    ...[(nowSeconds + 86_400) * 1000, (nowSeconds + 86_400) * 1000 + 1, 8.64e15, -1],
  ),
  fc.integer(),
);

/** A moment, in one of the many ways to write it. */
const time: fc.Arbitrary<unknown> = fc.oneof(
  timesMs,
  fc
    .tuple(
      timesMs.filter((ms) => ms > 0),
      fc.constantFrom<(ms: number) => unknown>(
        (ms) => Math.floor(ms / 1000),
        (ms) => ms / 1000,
        (ms) => ms * 1000,
        (ms) => ms * 1e6,
        (ms) => ms + 0.25,
        (ms) => `${ms}`,
        (ms) => `${ms / 1000}`,
        (ms) => `${ms}000`,
        (ms) => ` ${ms}`,
        (ms) => `+${ms}`,
        (ms) => ms.toString(16),
        (ms) => new Date(ms).toISOString(),
        (ms) => new Date(ms).toISOString().replace('T', ' ').toLowerCase(),
        (ms) => new Date(ms).toISOString().slice(0, -1),
        (ms) => new Date(ms).toISOString().slice(0, 16),
        (ms) => new Date(ms).toISOString().replace('Z', '+02:00'),
        (ms) => new Date(ms).toISOString().replace(/\.\d+Z/, '-0930'),
        (ms) => new Date(ms).toISOString().replace('Z', '123456+00:00'),
        (ms) => new Date(ms).toISOString().slice(0, 10),
        (ms) => new Date(ms).toUTCString(),
      ),
    )
    .map(([ms, write]) => write(ms)),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  odd,
);

/** A field as it is documented, and now and then as it is not. */
const mostly = (documented: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 3, arbitrary: documented }, { weight: 1, arbitrary: odd });

const vocabulary = 'my parcel is not here yet: please call me, ¿dónde está el pedido? gracias 👋'.split(' ');

/** Noise that no compression makes smaller, lines that are all the same, or words of which about as many fit. */
const large = fc.oneof(
  fc
    .tuple(fc.nat(), fc.integer({ min: 600, max: 3_000 }))
    .map(([seed, size]) => noise(seed, size).toString('base64')),
  fc
    .tuple(fc.nat(), fc.integer({ min: 100, max: 600 }))
    .map(([seed, times]) => `¿Y mi pedido ${seed}? `.repeat(times)),
  fc
    .tuple(fc.nat(), fc.integer({ min: 1_200, max: 2_000 }))
    .map(([seed, size]) =>
      Array.from(noise(seed, size), (byte) => vocabulary[byte % vocabulary.length]).join(' '),
    ),
);

/** Members that make JSON odd, and no less an event. */
const oddMembers = [
  '"id":"evt_first"',
  '"__proto__":{"id":"evt_proto","type":"message.inbound"}',
  '"constructor":{"prototype":{"id":1}}',
  '"huge":123456789012345678901234567890',
  '"beyond":1e400',
  `"digits":${'9'.repeat(400)}`,
  `"deep":${'[{"a":'.repeat(60)}1${'}]'.repeat(60)}`,
  '"half":"\\ud83d"',
  '"raw":"\uffff\u2028\u007f"',
  '"twice":1,"twice":2',
  '"senderId":"snd_a","projectId":"prj_a"',
  '"senderid":"snd_a"',
  '"timestamp":1e400',
  '"timestamp":-0',
  '"type":7',
] as const;

const data = fc.oneof(
  fc.dictionary(unicode, fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }), { maxKeys: 4 }),
  fc.record({ worker: fc.constantFrom(...workerNames, 'nobody') }),
  fc.record({ text: large }),
);

/** The text of an event that Zavu may sign, whatever it says. */
export const eventText = fc
  .tuple(
    fc.record(
      {
        id: mostly(
          fc.oneof(printable, printable, fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })),
        ),
        type: mostly(
          fc.oneof(
            { weight: 3, arbitrary: fc.constantFrom(...routes.types, canaryType) },
            fc.constantFrom('message.tomorrow', 'constructor', '__proto__'),
            fc.string({ unit: 'binary', minLength: 1 }),
          ),
        ),
        timestamp: time,
        projectId: mostly(fc.oneof(unicode, fc.constantFrom(null, 'prj_a', 'prj_b'))),
        senderId: mostly(fc.oneof(unicode, fc.constantFrom(null, 'snd_a', 'snd_b'))),
        data: mostly(data),
      },
      { requiredKeys: [] },
    ),
    fc.subarray([...oddMembers]),
    fc.nat(2),
    fc.constantFrom(undefined, 1, '\t'),
  )
  .map(([event, members, keep, space]) => {
    const own = JSON.stringify(event, null, space).slice(1);
    const added = (keep === 0 ? members : []).map((member) => `${member},`).join('');
    // Behind the last member there is no comma.
    return own.trim() === '}' ? `{${added.slice(0, -1)}}` : `{${added}${own}`;
  });

/** Bodies that are no event, or hardly one. */
export const oddBody: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
  fc.json({ stringUnit: 'binary' }).map((text) => Buffer.from(text)),
  large.map((text) => Buffer.from(text)),
  large.map((text) => Buffer.from(text, 'latin1')),
  fc.tuple(eventText, fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
    const bytes = Buffer.from(text);
    bytes[at % bytes.length] = byte;
    return bytes;
  }),
  fc
    .tuple(
      eventText,
      fc.constantFrom('"id"', '"type"', '"timestamp"', '"data"', '{', ':'),
      fc.constantFrom(
        '""',
        '',
        '[',
        ':1,"x":',
        ':null,"x":',
        ':NaN,"x":',
        ':Infinity,"x":',
        ':undefined,"x":',
      ),
    )
    .map(([text, from, to]) => Buffer.from(text.replace(from, to))),
  fc
    .constantFrom(
      ...['', 'null', '[]', '"x"', '1', '1e400', '{', '{}', '[{}]', '\ufeff', '\ufeff{}', '{"__proto__":{}}'],
      ...['{"__proto__":{"type":"message.inbound"}}', '{"type":"message.inbound"}', '['.repeat(700)],
      ...['{"type":"message.inbound"} {}', "{'type':'message.inbound'}", '\0', '\uffff', 'a\u0085b'],
    )
    .map((text) => Buffer.from(text)),
);
