import { setImmediate as settled } from 'node:timers/promises';
import { SandboxPool } from '../../../local/runtime/sandbox-pool.ts';
import { HandClock } from '../../support/hand-clock.ts';

const startMs = 200;
const timeoutMs = 4 * startMs;

/** A sandbox that starts when the clock has run for so long. */
class StandIn {
  alive = true;
  stopped = false;
  readonly started: Promise<void>;

  constructor(clock: HandClock) {
    this.started = new Promise((resolve) => {
      clock.after(startMs, resolve);
    });
  }

  stop(): void {
    this.stopped = true;
  }
}

/** A pool that starts two at once, whose sandboxes are all at work. */
async function busyPool() {
  const clock = new HandClock();
  const created: StandIn[] = [];
  const create = () => {
    const sandbox = new StandIn(clock);
    created.push(sandbox);
    return sandbox;
  };
  const pool = new SandboxPool(create, 2, clock);
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await settled();
  };
  const [first, second] = await Promise.all([pool.take(), pool.take()]);
  if (!first || !second) throw new Error('The pool gave no sandbox.');
  return { pool, created, first, second, pass };
}

test('beyond the processors, an invocation takes the sandbox that gets free, the oldest first', async () => {
  const { pool, created, first, second, pass } = await busyPool();
  await pass(startMs);
  const [third, fourth] = [pool.take(), pool.take()];
  await pass(timeoutMs - 1);
  pool.release(second);
  pool.release(first);
  expect([await third, await fourth]).toEqual([second, first]);
  expect(created).toHaveLength(2);
});

test('an invocation that has waited as long as four starts take gets a new one', async () => {
  const { pool, created, pass } = await busyPool();
  await pass(startMs);
  const waiting = [pool.take(), pool.take(), pool.take()];
  await pass(timeoutMs - 1);
  expect(created).toHaveLength(2);
  await pass(1);
  // Two at once, and the third when they have started and did not get free.
  expect(created).toHaveLength(4);
  await pass(startMs);
  await pass(timeoutMs);
  expect(await Promise.all(waiting)).toEqual(created.slice(2));
});

test('while sandboxes start, no invocation loses patience', async () => {
  const { pool, created, first, pass } = await busyPool();
  const third = pool.take();
  await pass(startMs);
  await pass(timeoutMs - 1);
  expect(created).toHaveLength(2);
  pool.release(first);
  expect(await third).toBe(first);
});

test('a sandbox that died while an invocation waits is replaced at once', async () => {
  const { pool, created, first } = await busyPool();
  const third = pool.take();
  first.alive = false;
  pool.release(first);
  expect(await third).toBe(created[2]);
});

test('an idle sandbox is taken again, the last one first, and a dead one never', async () => {
  const { pool, created, first, second } = await busyPool();
  pool.release(first);
  pool.release(second);
  expect(await pool.take()).toBe(second);
  first.alive = false;
  expect(await pool.take()).toBe(created[2]);
});

test('who stops it lets invocations end, and those that wait begin', async () => {
  const { pool, first, second } = await busyPool();
  const third = pool.take();
  pool.stop(false);
  pool.release(first);
  expect(await third).toBe(first);
  pool.release(first);
  expect([first.stopped, second.stopped]).toEqual([true, false]);
});

test('who stops it by force ends all, and nothing starts any more', async () => {
  const { pool, created, first, second, pass } = await busyPool();
  await pass(startMs);
  const third = pool.take();
  pool.stop(true);
  await pass(10 * startMs);
  expect([await third, await pool.take()]).toEqual([undefined, undefined]);
  expect([first.stopped, second.stopped]).toEqual([true, true]);
  expect(created).toHaveLength(2);
});
