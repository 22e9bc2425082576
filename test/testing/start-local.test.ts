import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalRun } from '../../testing/local-run.ts';
import { sample } from '../../testing/sample.ts';
import { startLocal } from '../../testing/start-local.ts';
import { orders } from '../e2e/orders.ts';

const folder = mkdtempSync(join(tmpdir(), 'zavu-start-local-'));
// As tests in a folder of their own find it: this project's is the working directory.
const options = {
  app: 'test/e2e/app.ts',
  cwd: join(import.meta.dirname, '../..'),
  context: { ledger: join(folder, 'ledger'), retryDelaysSeconds: 1, workerTimeoutSeconds: 10 },
  // Its own, so that what is left can be seen.
  env: { ZAVU_WEBHOOK_SECRET: 'whsec_of_the_test' },
};
const waitMs = 180_000;

/** The folders of state files that are made here. */
const made = jest.spyOn(jest.requireActual<typeof import('node:fs')>('node:fs'), 'mkdtempSync');
const states = () => made.mock.results.map(({ value }) => String(value));

let local: LocalRun;
beforeAll(async () => {
  local = await startLocal(options);
});
afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true });
});

test('it takes events, and tells what becomes of them', async () => {
  const { id, status, body } = await local.send('message.inbound');
  expect({ status, body }).toEqual({ status: 200, body: { received: true, id } });
  expect(await local.until({ id, outcome: 'handled' }, waitMs)).toMatchObject({
    event: 'handled',
    id,
    worker: 'inbound',
    attempt: 1,
  });
  expect(await local.until((line) => line.event === 'queued' && line.id === id)).toMatchObject({
    type: 'message.inbound',
  });
});

test('it has the secret and the settings that it was given, and its outputs', async () => {
  expect(local.secret).toBe('whsec_of_the_test');
  expect(local.outputs.WebhookUrl).toBe(local.url);
  expect(await local.send('message.sent', { secret: 'whsec_other' })).toMatchObject({ status: 401 });
  expect(await local.send('message.sent', { at: new Date(0) })).toMatchObject({
    status: 401,
    body: { error: 'stale_signature' },
  });
});

test('its dead letters are read with their reasons, and stay', async () => {
  const refused = sample('message.inbound', { text: orders.refuse });
  const delivered = sample('message.delivered');
  // A field that the catalogue does not know, as Zavu adds them.
  const failed = { ...delivered, data: { ...delivered.data, text: orders.throw } };
  for (const event of [refused, failed]) expect(await local.send(event)).toMatchObject({ id: event.id });
  await local.until({ id: refused.id, outcome: 'dead_lettered' }, waitMs);
  expect(await local.until({ id: failed.id, outcome: 'retried' }, waitMs)).toMatchObject({ attempt: 1 });
  await local.until({ id: failed.id, outcome: 'dead_lettered' }, waitMs);

  const found = await local.deadLetters();
  expect(found).toHaveLength(2);
  expect(found).toContainEqual({
    id: refused.id,
    type: 'message.inbound',
    worker: 'inbound',
    reason: 'permanent_failure',
    error: expect.stringMatching(/^PermanentFailure: /),
    attempts: 1,
    failedAt: expect.any(Date),
    event: refused,
  });
  expect(found).toContainEqual(
    expect.objectContaining({
      id: failed.id,
      worker: 'delivery',
      reason: 'attempts_exhausted',
      attempts: 2,
      event: failed,
    }),
  );
  expect(await local.deadLetters()).toEqual(found);
});

test('a wait in vain says what was reported instead', async () => {
  const { id } = await local.send('message.inbound');
  await local.until({ id, outcome: 'handled' }, waitMs);
  await expect(local.until({ id, outcome: 'dead_lettered' }, 50)).rejects.toThrow(
    new RegExp(`^Waited 50 ms in vain for dead_lettered of ${id}; there were \\d reports\n[\\s\\S]*handled`),
  );
  await expect(local.until(() => false, 50)).rejects.toThrow(
    'Waited 50 ms in vain for a line that the predicate takes; there were ',
  );
});

test('another one runs beside it, with a state file of its own, until the block ends', async () => {
  const { url, until } = await (async () => {
    await using other = await startLocal(options);
    expect(other.url).not.toBe(local.url);
    expect(states().map((state) => existsSync(join(state, 'state.json')))).toEqual([true, true]);
    const { id } = await other.send('message.inbound');
    await other.until({ id, outcome: 'handled' }, waitMs);
    expect(local.lines.filter((line) => line.id === id)).toEqual([]);
    return { url: other.url, until: () => other.until({ id, outcome: 'dead_lettered' }, waitMs) };
  })();
  await expect(fetch(url)).rejects.toThrow();
  expect(states().map((state) => existsSync(state))).toEqual([true, false]);
  // It does not wait for what cannot come any more.
  await expect(until()).rejects.toThrow('The local run has ended.');
});

test('an app that does not synthesize is an error with its own words, and nothing is left', async () => {
  made.mockClear();
  await expect(startLocal({ ...options, app: 'test/e2e/missing.ts' })).rejects.toThrow(
    /^The local run ended with 1: [\s\S]*missing\.ts/,
  );
  await expect(startLocal({ ...options, cwd: join(folder, 'missing') })).rejects.toThrow(
    /^The local run ended with no process: /,
  );
  const context = { ...options.context, retryDelaysSeconds: 'soon' };
  await expect(startLocal({ ...options, context })).rejects.toThrow('retryDelaysSeconds');
  expect(states().map((state) => existsSync(state))).toEqual([false, false, false]);
});
