import { createLogger, errorFields } from '../../../lambda/shared/log.ts';

test('one line of JSON per call, with what was bound', () => {
  const lines: string[] = [];
  createLogger({ worker: 'inbound' }, (line) => lines.push(line))
    .child({ id: 'evt_1\n' })
    .warn('event', { attempt: 2 });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]*\n$/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'WARN',
    message: 'event',
    worker: 'inbound',
    id: 'evt_1\n',
    attempt: 2,
  });
});

test('an error is its class and place, never its message', () => {
  const fields = errorFields(new TypeError('cannot text +56912345678\n    at their home'));
  expect(fields.error).toBe('TypeError');
  expect(JSON.stringify(fields)).not.toMatch(/56912345678|their home/);
  expect(fields.at?.at(-1)).toMatch(/^at /);
  const cause = new RangeError('too far');
  expect(errorFields(new Error('failed', { cause })).error).toBe('Error < RangeError');
  expect(errorFields(undefined)).toEqual({ error: 'undefined' });
});
