import { PermanentFailure } from '../../../lambda/handlers/handler.ts';
import { failureOf } from '../../../lambda/worker/failure.ts';
import { oddities } from '../../e2e/scripted-handlers.ts';

test('an error is told by its class, and its message is for the dead letter alone', () => {
  const { fields, place, ...failure } = failureOf(new TypeError('no\nway \u{1f600}'));
  expect(failure).toEqual({ isPermanent: false, summary: 'TypeError: no way  ' });
  expect(place).toMatch(/^failure\.test\.ts:\d+:\d+$/);
  expect(fields).toMatchObject({ error: 'TypeError' });
  expect(failureOf(new PermanentFailure('never'))).toMatchObject({ isPermanent: true });
});

test('a kind of PermanentFailure keeps its name', () => {
  class UnknownCustomer extends PermanentFailure {
    override readonly name = 'UnknownCustomer';
  }
  expect(failureOf(new UnknownCustomer('nobody'))).toMatchObject({
    isPermanent: true,
    summary: 'UnknownCustomer: nobody',
    fields: { error: 'UnknownCustomer' },
  });
});

test.each([
  ['at handle (file:///var/task/message-inbound-3.mjs:2:55)', 'message-inbound-3.mjs:2:55'],
  ['at file:///C:/app/chunk-1.mjs:1:2', 'chunk-1.mjs:1:2'],
  ['at async C:\\app\\index.mjs:1:2', 'index.mjs:1:2'],
  ['at node:internal/deps/undici/undici:1:2\n    at file:///var/task/crm-4.mjs:7:8', 'crm-4.mjs:7:8'],
  ['at node:internal/process/task_queues:1:2', 'none'],
  ['in a text', 'none'],
])('the place of %j is %s', (frames, place) => {
  const error = new Error('no');
  error.stack = `Error: no\n    ${frames}`;
  expect(failureOf(error).place).toBe(place);
});

test('a summary is no longer than an attribute should be', () => {
  expect(failureOf(new Error('x'.repeat(10_000))).summary).toHaveLength(1_000);
});

test.each([...oddities])('%s', async (_, end) => {
  const thrown: unknown = await Promise.resolve()
    .then(end)
    .then(
      () => 'nothing',
      (error: unknown) => ({ error }),
    );
  expect(thrown).not.toBe('nothing');
  const { error } = Object(thrown);
  const { isPermanent, summary, fields } = failureOf(error);
  expect(isPermanent).toBe(false);
  expect(summary).toMatch(/^[\x20-\x7e]{1,1000}$/);
  expect(fields.error).toEqual(expect.any(String));
});
