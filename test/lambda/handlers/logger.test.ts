import fc from 'fast-check';
import { LogFieldError } from '../../../lambda/handlers/further-fields.ts';
import { createHandlerLogger, type HandlerLogger } from '../../../lambda/handlers/logger.ts';
import { packEvent } from '../../../lambda/queued-event/text.ts';
import { knownFields } from '../../../lambda/shared/log-fields.ts';
import { revealed } from '../../support/confidential.ts';
import { hostile, marker } from '../../support/hostile-data.ts';
import { queueRecord } from '../../support/queue-record.ts';
import { workerInMemory } from '../../support/worker-in-memory.ts';

/** What some code logs, without the times. */
function linesOf(write: (logger: HandlerLogger) => void, bound = {}): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createHandlerLogger(bound, (line) => lines.push(line)));
  return lines.map((line) => {
    const { timestamp: _, ...rest } = JSON.parse(line);
    return rest;
  });
}

test('further fields stand beside the known ones, in every line and its children', () => {
  const lines = linesOf(
    (logger) => {
      const mine = logger.extend({ customerId: 'id', plan: 'word', points: 'number' });
      mine.info('found', { customerId: 'cus_1', plan: 'gold', points: 3, attempt: 2 });
      const child = mine.child({ customerId: 'cus_2' });
      child.warn('changed', { plan: 'silver', points: null });
      child.child({ points: 4 }).extend({ seats: 'number' }).error('left', { seats: 5, plan: 'none' });
    },
    { worker: 'inbound' },
  );
  const common = { worker: 'inbound' };
  expect(lines).toEqual([
    { level: 'INFO', message: 'found', ...common, customerId: 'cus_1', plan: 'gold', points: 3, attempt: 2 },
    { level: 'WARN', message: 'changed', ...common, customerId: 'cus_2', plan: 'silver' },
    { level: 'ERROR', message: 'left', ...common, customerId: 'cus_2', points: 4, seats: 5, plan: 'none' },
  ]);
});

test('only the logger that was extended carries a further field', () => {
  const given = { customerId: 'cus_1', other: 'x' };
  const lines = linesOf((logger) => {
    logger.extend({ customerId: 'id' }).info('told', given);
    logger.info('told', given);
  });
  expect(lines.map(({ customerId, other }) => [customerId, other])).toEqual([
    ['cus_1', undefined],
    [undefined, undefined],
  ]);
});

test('what was bound as an unknown field does not come back when the field is added', () => {
  const given = { customerId: 'call me' };
  const [line] = linesOf((logger) => logger.child(given).extend({ customerId: 'id' }).info('told'));
  expect(line).toEqual({ level: 'INFO', message: 'told' });
});

test.each<['word' | 'id' | 'number', unknown, unknown]>([
  ['word', 'gold', 'gold'],
  ['word', 'the gold plan', '(text)'],
  ['word', '+56912345678', '(text)'],
  ['word', 'whatsapp:+5691234', '(text)'],
  ['word', 'whsec_c2VjcmV0', '(text)'],
  ['word', 3, '(number)'],
  ['id', 'cus_123456789', 'cus_123456789'],
  ['id', '1234567', '1234567'],
  ['id', '0193a5c8-1111-7000-8000-123456789012', '0193a5c8-1111-7000-8000-123456789012'],
  ['id', 'a'.repeat(201), `${'a'.repeat(200)}...`],
  ['id', 'cus 1', '(text)'],
  ['id', '+56912345678', '(text)'],
  ['id', '56912345678', '(text)'],
  ['id', 'tel:+56912345678', '(text)'],
  ['id', '56912345678@s.whatsapp.net', '(text)'],
  ['id', 'ann@example.com', '(text)'],
  ['id', 'whsec_c2VjcmV0', '(text)'],
  ['id', { id: 'cus_1' }, '(object)'],
  ['number', 12.5, 12.5],
  ['number', '+56912345678', '(text)'],
  ['number', Number.NaN, '(number)'],
])('a further %s takes what is fit for it: %j', (kind, value, shown) => {
  const [line] = linesOf((logger) => {
    const mine: HandlerLogger = logger.extend({ mine: kind });
    const given = { mine: value };
    mine.info('told', given);
  });
  expect(line).toEqual({ level: 'INFO', message: 'told', mine: shown });
});

const text = fc.oneof(
  hostile,
  fc.anything({ withBigInt: true, withNullPrototype: true }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\u001b', '\ud800').map((unit) => unit.repeat(3_000)),
  fc.tuple(fc.string(), fc.constantFrom(marker, '\n', ' ')).map(([before, end]) => `${before}${end}`),
);
const number = fc.integer({ min: 10_000_000, max: 999_999_999_999_999 }).map((digits) => `+${digits}`);
const prefix = fc.constantFrom('', 'tel:', 'whatsapp:', 'from=');
const phone = fc.tuple(prefix, number).map(([before, digits]) => before + digits);
const chat = number.chain((digits) => fc.constantFrom(digits.slice(1), `${digits.slice(1)}@c.us`));
const secret = fc.base64String({ minLength: 8, maxLength: 60 }).map((key) => `whsec_${key}`);
const confidential = fc.oneof(phone, chat, secret, fc.emailAddress());

test('whatever its value, a further field shows no text, address, telephone number or secret', () => {
  const kinds = { mine: 'id', plan: 'word', points: 'number' } as const;
  const names = Object.keys(kinds);
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), fc.oneof(text, confidential), { maxKeys: 3 }),
      fc.dictionary(fc.constantFrom(...names), confidential, { maxKeys: 3 }),
      (bound, fields) => {
        const lines: string[] = [];
        const logger: HandlerLogger = createHandlerLogger({}, (line) => lines.push(line)).extend(kinds);
        logger.child(bound).info('told');
        logger.info('told', fields);
        expect(lines).toHaveLength(2);
        for (const line of lines) {
          expect(line).toMatch(/^[\x20-\x7e]+\n$/);
          expect(revealed(line, [marker])).toBeUndefined();
        }
        const shown = JSON.parse(lines[1] ?? '');
        for (const name of Object.keys(fields)) expect(shown[name]).toBe('(text)');
      },
    ),
    { numRuns: 3_000 },
  );
});

test('a line with 16 further fields at their longest is shorter than 16 KB', () => {
  const names = Array.from({ length: 16 }, (_, index) => `f${index}`.padEnd(40, 'x'));
  const known = Object.fromEntries(Object.keys(knownFields).map((name) => [name, '"'.repeat(300)]));
  const lines: string[] = [];
  const logger: HandlerLogger = createHandlerLogger({}, (line) => lines.push(line)).extend(
    Object.fromEntries(names.map((name) => [name, 'id'])),
  );
  logger.info('told', { ...known, ...Object.fromEntries(names.map((name) => [name, '"'.repeat(300)])) });
  expect(lines[0]).toContain(names[15]);
  expect(lines[0]?.length).toBeLessThan(16_384);
  const ofOne = JSON.stringify({ [names[0] ?? '']: JSON.parse(lines[0] ?? '')[names[0] ?? ''] });
  // The known fields alone are shorter than 8 KB (log.test.ts).
  expect(8_192 + 16 * ofOne.length).toBeLessThan(16_384);
});

describe('extend refuses', () => {
  /** What it throws, for fields whose types are not known. */
  const refusal = (...all: Record<string, string>[]) => {
    let logger: HandlerLogger = createHandlerLogger({}, () => undefined);
    try {
      for (const fields of all) logger = logger.extend(fields as Record<string, 'id'>);
    } catch (error) {
      if (error instanceof LogFieldError) return error.message;
      throw error;
    }
    return undefined;
  };

  test.each([...Object.keys(knownFields), 'level', 'timestamp', 'message'])('the known name %s', (name) => {
    expect(refusal({ plan: 'word', [name]: 'id' })).toBe(
      `A log line has ${name} already, and alarms and queries may read it: choose another name.`,
    );
  });

  test.each([
    ...['', 'call me at home', '+56912345678', 'a56912345678', '_aws', '@message', 'a.b', 'a-b', 'ä', '1st'],
    ...['a'.repeat(41), 'a\n', '__proto__'],
  ])('a name that is no word: %j', (name) => {
    expect(refusal(JSON.parse(`{${JSON.stringify(name)}:"id"}`))).toBe(
      `${JSON.stringify(name)} cannot be a log field: its name has at most 40 letters, digits or _, and begins with neither a digit nor _.`,
    );
  });

  test.each(['frames', 'error', 'path', 'outcome', 'text', 'toString', ''])('the kind %j', (kind) => {
    expect(refusal({ origin: kind })).toBe(
      'The log field origin is of no known kind: give one of word, id, number.',
    );
  });

  test('a second kind for a field, and not the same kind', () => {
    expect(refusal({ plan: 'word' }, { plan: 'word', seats: 'number' })).toBeUndefined();
    expect(refusal({ plan: 'word' }, { plan: 'id' })).toBe(
      'The log field plan is of the kind word already: choose one kind for it.',
    );
  });

  test('more than 16 fields, together with those before', () => {
    const some = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'word']));
    expect(refusal(some(16), { f0: 'word' })).toBeUndefined();
    expect(refusal(some(16), { other: 'word' })).toBe(
      'A logger carries 16 further fields, and this one would have 17: keep those that you search for.',
    );
  });
});

test('a field may have a name that objects inherit', () => {
  const given = { constructor: 'x', toJSON: 'y' };
  const names = Object.fromEntries(Object.keys(given).map((name) => [name, 'word' as const]));
  const [line] = linesOf((logger) => logger.extend(names).info('told', given));
  expect(line).toEqual({ level: 'INFO', message: 'told', ...given });
});

describe('in a worker', () => {
  const event = JSON.stringify({ id: 'evt_1', type: 'message.inbound', timestamp: Date.now(), data: {} });
  const record = queueRecord(packEvent(event, event.length)?.body ?? '', { messageId: 'one' });

  test("a handler's line has its further fields and those of the event", async () => {
    const worker = workerInMemory((_event, { logger }) =>
      logger.extend({ customerId: 'id' }).info('told', { customerId: 'cus_1' }),
    );
    expect(await worker.batch(record)).toEqual([]);
    const line = worker.lines.find((each) => each.includes('"told"'));
    expect(JSON.parse(line ?? '')).toMatchObject({ id: 'evt_1', worker: 'inbound', customerId: 'cus_1' });
  });

  test('a name that cannot be used is a failed attempt, which is tried again and says its class', async () => {
    const unfit: Record<string, 'id'> = { outcome: 'id' };
    const worker = workerInMemory((_event, { logger }) => void logger.extend(unfit));
    expect(await worker.batch(record)).toEqual(['one']);
    expect(worker.backedOff.get('one')).toBe(60);
    const outcomes = worker.lines.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome);
    expect(outcomes).toEqual([expect.objectContaining({ outcome: 'retried', error: 'LogFieldError' })]);
  });
});
