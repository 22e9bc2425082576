import { PermanentFailure } from '../../../lambda/handlers/handler.ts';
import { failureOf } from '../../../lambda/worker/failure.ts';
import { oddities } from '../../e2e/scripted-handlers.ts';

test('an error is told by its class, and its message is for the dead letter alone', () => {
  const { fields, ...failure } = failureOf(new TypeError('no\nway \u{1f600}'));
  expect(failure).toEqual({ isPermanent: false, summary: 'TypeError: no way  ' });
  expect(fields).toMatchObject({ error: 'TypeError' });
  expect(failureOf(new PermanentFailure('never'))).toMatchObject({ isPermanent: true });
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
