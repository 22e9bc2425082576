import fc from 'fast-check';
import { createLogger, errorFields } from '../../../lambda/shared/log.ts';

/** The lines of a logger, as they are written. */
function linesOf(write: (log: ReturnType<typeof createLogger>) => void, bound = {}): string[] {
  const lines: string[] = [];
  write(createLogger(bound, (line) => lines.push(line)));
  return lines;
}

/** What one line says, beside its level and time. */
function logged(fields: unknown, message = 'event'): Record<string, unknown> {
  const [line = ''] = linesOf((log) => log.info(message as 'event', fields as object));
  const { level: _, timestamp: __, ...rest } = JSON.parse(line);
  return rest;
}

test('one line of JSON per call, with what was bound', () => {
  const lines = linesOf((log) => log.child({ id: 'evt_1' }).warn('event', { attempt: 2 }), {
    worker: 'inbound',
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]*\n$/);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'WARN',
    timestamp: expect.any(String),
    message: 'event',
    worker: 'inbound',
    id: 'evt_1',
    attempt: 2,
  });
});

const frame = 'at Object.send [as reply] (/var/task/index.mjs:1:2)';

test.each<[string, unknown, unknown]>([
  ['outcome', 'dead_lettered', 'dead_lettered'],
  ['outcome', 'delivered', '(text)'],
  ['type', 'message.inbound', 'message.inbound'],
  ['type', 'a'.repeat(64), 'a'.repeat(64)],
  ['type', 'a'.repeat(65), '(text)'],
  ['errorCode', 'EMAIL_INVALID_RECIPIENT', 'EMAIL_INVALID_RECIPIENT'],
  ['errorCode', 30003, '(number)'],
  ['errorCode', { code: 30003, message: 'to +56912345678' }, '(object)'],
  ['errorCode', ['call me'], '(object)'],
  ['errorCode', true, '(boolean)'],
  ['errorCode', Symbol('call me'), '(symbol)'],
  ['errorCode', () => 'call me', '(function)'],
  ['channel', '+56912345678', '(text)'],
  ['errorCode', '56912345678', '(text)'],
  ['errorCode', '2388001', '2388001'],
  ['messageId', '+56912345678', '(text)'],
  ['messageId', '+abc1', '+abc1'],
  ['reason', 'the customer hung up', '(text)'],
  ['reason', '', '(text)'],
  ['state', '\u001b[2J', '(text)'],
  ['scheme', 'v1+v2', 'v1+v2'],
  ['id', 'evt_1', 'evt_1'],
  ['id', 'a'.repeat(200), 'a'.repeat(200)],
  ['id', 'a'.repeat(500_000), `${'a'.repeat(200)}...`],
  ['id', 'evt_1\n', '(text)'],
  ['id', 'evt 1', '(text)'],
  ['id', 'evt_\ud800', '(text)'],
  ['id', 'evt_\u202e1', '(text)'],
  ['id', 7, '(number)'],
  ['requestId', 'JKJaXmPLvHcESHA=', 'JKJaXmPLvHcESHA='],
  ['ms', 12.5, 12.5],
  ['ms', Number.NaN, '(number)'],
  ['ms', Number.POSITIVE_INFINITY, '(number)'],
  ['ms', '12', '(text)'],
  ['ms', 12n, '(bigint)'],
  ['path', 'content.contacts.*.name', 'content.contacts.*.name'],
  ['path', '(root)', '(root)'],
  ['path', '(too large to compare)', '(too large to compare)'],
  ['path', '(more)', '(more)'],
  ['path', 'call me at home', '(text)'],
  ['path', '(call me at home)', '(text)'],
  ['detail', 'id,type', 'id,type'],
  ['error', 'Error < (text) < TypeError', 'Error < (text) < TypeError'],
  ['error', 'Error: call me', '(text)'],
  ['at', [frame, 'at home, call me', frame], [frame, frame]],
  ['at', Array(9).fill(frame), [frame, frame, frame]],
  ['at', [`at ${'a'.repeat(300)} (/a:1:1)`, frame], [frame]],
  ['at', frame, '(text)'],
])('%s takes what is fit for it, and no other value (%#)', (name, value, shown) => {
  expect(logged({ [name]: value })).toEqual({ message: 'event', [name]: shown });
  expect(logged({ worker: 'inbound', [name]: value, attempt: 1 })).toMatchObject({ [name]: shown });
});

test('only fields of the list, and none that is null or undefined', () => {
  const foreign = JSON.parse('{"__proto__":{"text":"call me"},"constructor":"call","text":"call me"}');
  const own = { level: 'DEBUG', timestamp: 'never', message: 'mine' };
  expect(logged({ ...foreign, ...own, id: null, type: undefined, attempt: 1 })).toEqual({
    message: 'event',
    attempt: 1,
  });
  const [line = ''] = linesOf((log) => log.info('event', foreign), { text: 'call me' });
  expect(Object.keys(JSON.parse(line))).toEqual(['level', 'timestamp', 'message']);
});

test('a message is a word', () => {
  expect(logged({}, 'ticket_opened')).toEqual({ message: 'ticket_opened' });
  expect(logged({}, 'Ticket opened for +56912345678')).toEqual({ message: '(text)' });
});

test('a field that cannot be read takes none of the others along', () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  const get = () => {
    throw new Error('call me');
  };
  expect(logged({ at: proxy, id: 'evt_1' })).toEqual({ message: 'event', at: '(unreadable)', id: 'evt_1' });
  const fields = Object.defineProperty({ id: 'evt_1' }, 'channel', { enumerable: true, get });
  expect(logged(fields)).toEqual({ message: 'event', id: 'evt_1', channel: '(unreadable)' });
});

/** The fields of the list. */
const names = [
  ...['outcome', 'reason', 'detail', 'status', 'scheme', 'id', 'type', 'project', 'worker', 'attempt'],
  ...[
    'replay',
    'retryInSeconds',
    'ms',
    'requestId',
    'trace',
    'error',
    'at',
    'path',
    'messageId',
    'templateId',
  ],
  ...['conversationId', 'callId', 'broadcastId', 'invitationId', 'state', 'channel', 'intent', 'errorCode'],
  'lagMs',
];

test('whatever the values, a line is short, is JSON in ASCII, and holds no text', () => {
  const marker = 'call me at home';
  const hostile = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\ud800', '\udfff', '\u0000', '\u009b', '\u202e', '"', '\\', '\n') }),
    fc.constantFrom(marker, `x${marker}`, `${marker}\n    at ${marker} (/a:1:1)`, [marker], { marker }),
    fc.constantFrom('a', '"', '\\', '\u001b').map((unit) => unit.repeat(300_000)),
    fc.constant([`at ${marker}`, `at ${'a'.repeat(400)} (/a:1:1)`, `at ${'a'.repeat(280)} (/a:1:1)`]),
    fc.constantFrom(1e308, -0, Number.NaN, 2 ** 64),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names, '__proto__', 'text', 'toJSON'), hostile, { maxKeys: 40 }),
      fc.oneof(fc.constant('event'), hostile),
      (fields, message) => {
        const lines = linesOf((log) => log.child(fields).info(message as 'event', fields));
        expect(lines).toHaveLength(1);
        const [line = ''] = lines;
        expect(line).toMatch(/^[\x20-\x7e]+\n$/);
        expect(line.length).toBeLessThan(8_192);
        expect(line).not.toContain(marker);
        const parsed = JSON.parse(line);
        for (const name of Object.keys(parsed)) {
          expect(['level', 'timestamp', 'message', ...names]).toContain(name);
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test('a line that has all fields at their longest is shorter than 8 KB', () => {
  const path = '/'.padEnd(250, 'a');
  const longest = ['"'.repeat(300), 'a'.repeat(64), 'a'.repeat(200), Number.MIN_VALUE];
  const errors = Array(6).fill('a'.repeat(64)).join(' < ');
  const frames = Array(5).fill(`at ${path}:1:1`);
  const fields = Object.fromEntries(
    names.map((name) => {
      const shown = ['dead_lettered', ...longest, errors, frames].map(
        (value) => logged({ [name]: value })[name],
      );
      const fitting = shown.filter((value) => !/^\([a-z]+\)$/.test(String(value)));
      const sized = fitting.map((value) => [JSON.stringify(value).length, value] as const);
      return [name, sized.sort(([a], [b]) => b - a)[0]?.[1]];
    }),
  );
  // Each field takes one of them, so that no field is missing here.
  for (const name of names) expect(fields[name]).toBeDefined();
  expect(JSON.stringify(logged(fields)).length).toBeGreaterThan(4_000);
  expect(JSON.stringify(logged(fields)).length).toBeLessThan(8_000);
});

describe('an error', () => {
  test('is its class and place, never its message', () => {
    const fields = errorFields(new TypeError('cannot text +56912345678\n    at their home'));
    expect(fields.error).toBe('TypeError');
    expect(JSON.stringify(fields)).not.toMatch(/56912345678|their home/);
    expect(fields.at?.at(-1)).toMatch(/^at /);
    const cause = new RangeError('too far');
    expect(errorFields(new Error('failed', { cause })).error).toBe('Error < RangeError');
    expect(errorFields(undefined)).toEqual({ error: 'undefined' });
  });

  test('whose message looks like a frame shows none of it, also if the message was changed', () => {
    const forged = new Error('x\n    at secret (/a/secret.ts:1:1)');
    expect(errorFields(forged).at?.join()).not.toContain('secret');
    const changed = new Error('x\n    at home, with blanks (/a/b.ts:1:1)');
    changed.message = 'another';
    expect(errorFields(changed).at?.join()).not.toContain('home');
    expect(errorFields(changed).at?.[0]).toContain('log.test');
  });

  test('whose causes go on is named five deep, and one that is its own cause once', () => {
    const self = new Error('self');
    self.cause = self;
    expect(errorFields(self).error).toBe('Error');
    const other = new TypeError('other', { cause: new RangeError('between') });
    (other.cause as Error).cause = other;
    expect(errorFields(other).error).toBe('TypeError < RangeError');
    const deep = Array.from({ length: 1_000 }).reduce<Error>(
      (cause) => new Error('deep', { cause }),
      new Error('first'),
    );
    expect(errorFields(deep).error).toBe(Array(5).fill('Error').join(' < '));
  });

  const revoked = Proxy.revocable(new Error('call me'), {});
  revoked.revoke();
  const withGetters = new Error('call me');
  for (const name of ['name', 'message', 'stack', 'cause']) {
    Object.defineProperty(withGetters, name, {
      get() {
        throw new Error('call me');
      },
    });
  }
  const withValues = (value: unknown) =>
    Object.defineProperties(new Error('call me'), {
      name: { value },
      message: { value },
      stack: { value },
      cause: { value },
    });

  test.each<[string, unknown, string]>([
    ['a revoked proxy', revoked.proxy, 'object'],
    ['a proxy of an error', new Proxy(new Error('call me'), {}), 'Error'],
    [
      'a proxy that throws',
      new Proxy(new Error('call me'), {
        get() {
          throw new Error('call me');
        },
      }),
      '(undefined)',
    ],
    ['getters that throw', withGetters, '(undefined)'],
    ['objects for texts', withValues({ text: 'call me' }), '(object)'],
    ['a name of several words', withValues('call me'), '(text)'],
    ['a long name', withValues('a'.repeat(100_000)), '(text)'],
    ['symbols for texts', withValues(Symbol('call me')), '(symbol)'],
    ['a function', () => 'call me', 'function'],
    ['a symbol', Symbol('call me'), 'symbol'],
    ['a text', 'call me', 'string'],
    ['null', null, 'object'],
  ])('may be anything: %s', (_case, thrown, error) => {
    const fields = errorFields(thrown);
    expect(fields.error).toBe(error);
    expect(JSON.stringify(fields)).not.toContain('call me');
    expect(logged(fields)).toMatchObject({ error });
  });
});
