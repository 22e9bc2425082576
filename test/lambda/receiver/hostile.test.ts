import crypto from 'node:crypto';
import fc from 'fast-check';
import type { Request } from '../../../lambda/receiver/handler.ts';
import { signBytes } from '../../../testing/conformance/signature.ts';
import { properties, type Tally } from '../../fuzz/properties.ts';
import { receiverInMemory } from '../../support/receiver-in-memory.ts';

// `npm run fuzz` runs the same properties for longer, and repeats one run of a seed and a path.
test.each(properties)('the receiver, given what is $name', async ({ name, of }) => {
  const tally: Tally = {};
  const numRuns = 4_000;
  await fc.assert(
    of((status) => {
      tally[status] = (tally[status] ?? 0) + 1;
    }),
    { numRuns },
  );
  // It proves something only if it came past each guard.
  expect(tally[200]).toBeGreaterThan(numRuns / 100);
  expect(tally[413]).toBeGreaterThan(numRuns / 1_000);
  // What Zavu signed is refused for its size alone.
  if (name === 'genuine') expect(Object.keys(tally)).toEqual(['200', '413']);
  else expect(tally[401]).toBeGreaterThan(numRuns / 100);
});

describe('work grows with the size of what is sent, no faster', () => {
  const secrets = ['whsec_a', 'whsec_b', 'whsec_c'].map((secret) => ({ secret }));
  const now = 1_736_850_000;
  const { handle } = receiverInMemory(secrets, {
    secrets: { current: async () => secrets, refreshed: async () => secrets },
    maxEventBytes: 8_000_000,
    answerWithinMs: 60_000,
    now: () => now * 1000,
  });
  const request = (body: Buffer, signature: string): Request => ({
    headers: { 'x-zavu-signature': signature },
    body: body.toString(),
    isBase64Encoded: false,
  });

  /**
   * Processor time that a request takes, in microseconds: the least of some, as other work only adds to it.
   *
   * @param enough what it need not be less than
   */
  async function cost(hostile: Request, enough: number): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let time = 0; time < 5 && least >= enough; time++) {
      const before = process.cpuUsage();
      await handle(hostile);
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, user + system);
    }
    return least;
  }

  /** Sixteen times the size takes sixteen times the work, or some more. Were it quadratic, it would take 256 times. */
  async function expectLinear(sized: (size: number) => Request): Promise<void> {
    const size = 62_500;
    // What is quick enough to be lost in the noise is quick enough.
    const floorMicroseconds = 500;
    const once = Math.max(floorMicroseconds, await cost(sized(size), floorMicroseconds));
    expect((await cost(sized(16 * size), 80 * once)) / once).toBeLessThan(80);
  }

  const hex = '0'.repeat(64);
  test.each([
    ['commas', ','],
    ['equals signs', '='],
    ['spaces', ' '],
    ['times', 't=1,'],
    ['MACs of v2', `v2=${hex},`],
    ['MACs of sha256', `sha256=${hex},`],
    ['spaces around equals signs', '  =  ,'],
    ['letters', 'a'],
    ['digits of hex', 'v2=0'],
    ['characters outside ASCII', 'é\u2028👋'],
  ])('a header of %s', async (_case, piece) => {
    await expectLinear((size) =>
      request(Buffer.from('{}'), `t=${now},v2=${hex},${piece.repeat(size / piece.length)}`),
    );
  });

  const repeated = (piece: string) => (size: number) => piece.repeat(size / piece.length);
  const bodies: [string, (size: number) => string][] = [
    ['arrays in arrays', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
    ['arrays that never end', repeated('[')],
    ['objects in objects', (size) => `${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`],
    ['keys', (size) => `{${Array.from({ length: size / 12 }, (_, i) => `"k${i}":1`).join()}}`],
    [
      'keys that are numbers',
      (size) => `{${Array.from({ length: size / 14 }, (_, i) => `"${i * 997}":1`).join()}}`,
    ],
    ['one key', (size) => `{${repeated('"a":1,')(size)}"a":1}`],
    ['one key, __proto__', (size) => `{${repeated('"__proto__":{},')(size)}"a":1}`],
    ['digits', repeated('9')],
    ['escapes', (size) => `"${repeated('\\u00e9')(size)}"`],
    ['backslashes', (size) => `"${repeated('\\\\')(size)}"`],
    ['characters outside ASCII', (size) => `"${repeated('é')(size / 2)}"`],
    ['white space', repeated(' \n\t')],
  ];
  describe.each(bodies)('a body of %s', (_case, body) => {
    test('of a stranger, whose signature asks for the body to be compacted', async () => {
      await expectLinear((size) => request(Buffer.from(body(size)), `sha256=${hex}`));
    });

    test('of an event, signed', async () => {
      await expectLinear((size) => {
        const data = `{"data":{"text":${body(size)}},"id":"evt_1","type":"message.inbound","timestamp":1}`;
        const bytes = Buffer.from(data);
        return request(bytes, signBytes(bytes, 'v2', 'whsec_a', now));
      });
    });
  });

  test('hashes the body at most twice per secret and look at the store, whatever the header', async () => {
    const hashing = jest.spyOn(crypto, 'createHmac');
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(`t=${now}`, `v1=${hex}`, `v2=${hex}`, `sha256=${hex}`, '', 'x'), {
            maxLength: 150,
            size: 'max',
          }),
          async (parts) => {
            hashing.mockClear();
            await handle(request(Buffer.from('{ }'), parts.join(',')));
            expect(hashing.mock.calls.length).toBeLessThanOrEqual(2 * 2 * secrets.length);
          },
        ),
        { numRuns: 2_000 },
      );
    } finally {
      hashing.mockRestore();
    }
  });
});
