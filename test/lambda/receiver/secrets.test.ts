import { cacheSecrets } from '../../../lambda/receiver/secrets.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

describe('cacheSecrets', () => {
  const deadline = 2_000_000;

  function store() {
    const state = { text: 'whsec_test_00001', down: false, time: 1_000_000, calls: 0, lines: [] as string[] };
    const secrets = cacheSecrets({
      async fetch() {
        state.calls += 1;
        if (state.down) throw new Error('down');
        return state.text;
      },
      now: () => state.time,
      log: createLogger({}, (line) => state.lines.push(line)),
      maxAgeMs: 300_000,
      minRefreshMs: 10_000,
    });
    return { state, secrets };
  }

  test('asks once while fresh, again when stale', async () => {
    const { state, secrets } = store();
    await secrets.current(deadline);
    state.time += 299_999;
    await secrets.current(deadline);
    expect(state.calls).toBe(1);
    state.text = 'whsec_test_00002';
    state.time += 1;
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00002' }]);
  });

  test('keeps a stale secret working while the store is down, without asking at every request', async () => {
    const { state, secrets } = store();
    await secrets.current(deadline);
    state.down = true;
    state.time += 300_000;
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00001' }]);
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00001' }]);
    expect(state.calls).toBe(2);
  });

  test('fails closed when cold and the store is down, and asks again at the next request', async () => {
    const { state, secrets } = store();
    state.down = true;
    await expect(secrets.current(deadline)).rejects.toThrow('could not be read');
    state.down = false;
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00001' }]);
  });

  test('what cannot be right is our failure, by its name, and not a signature that never matches', async () => {
    const { state, secrets } = store();
    state.text = "'whsec_test_00001'";
    await expect(secrets.current(deadline)).rejects.toMatchObject({
      name: 'SecretUnavailable',
      cause: expect.objectContaining({ name: 'MalformedSecret' }),
    });
    expect(JSON.parse(state.lines.join())).toMatchObject({
      message: 'secret_fetch_failed',
      error: 'MalformedSecret',
    });
  });

  test('refreshes on demand, rate-limited', async () => {
    const { state, secrets } = store();
    await secrets.current(deadline);
    state.text = 'whsec_test_00002';
    expect(await secrets.refreshed(deadline)).toBeUndefined();
    state.time += 10_000;
    expect(await secrets.refreshed(deadline)).toEqual([{ secret: 'whsec_test_00002' }]);
    expect(await secrets.refreshed(deadline)).toBeUndefined();
    expect(state.calls).toBe(2);
  });

  test('a refresh that fails keeps what was known', async () => {
    const { state, secrets } = store();
    await secrets.current(deadline);
    state.down = true;
    state.time += 10_000;
    expect(await secrets.refreshed(deadline)).toBeUndefined();
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00001' }]);
  });

  describe.each([
    ['the store is unavailable', (state: { down: boolean }) => Object.assign(state, { down: true }), 'Error'],
    [
      'the new list has a slip',
      (state: { text: string }) =>
        Object.assign(state, { text: '["whsec_test_00002", {"secret":"whsec_test_00003","sendr":"a"}]' }),
      'MalformedSecret',
    ],
  ] as const)('if %s', (_case, fail, error) => {
    const hour = 3_600_000;

    test('the last good list counts for an hour, and no longer', async () => {
      const { state, secrets } = store();
      await secrets.current(deadline);
      const goodAt = state.time;
      fail(state);
      for (const after of [300_000, hour / 2, hour - 1]) {
        state.time = goodAt + after;
        expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00001' }]);
      }
      state.time = goodAt + hour;
      const refused = { name: 'SecretUnavailable', cause: expect.objectContaining({ name: error }) };
      await expect(secrets.current(deadline)).rejects.toMatchObject(refused);
      state.time = goodAt + 10 * hour;
      await expect(secrets.current(deadline)).rejects.toMatchObject(refused);
      expect(state.lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ level: 'ERROR', message: 'secret_fetch_failed', error }),
      );
      expect(state.lines.join()).not.toMatch(/whsec_/);
    });

    test('requests do not ask the store more often than each ten seconds, then as before', async () => {
      const { state, secrets } = store();
      await secrets.current(deadline);
      fail(state);
      state.time += 300_000;
      for (let second = 0; second < 30; second++) {
        await secrets.current(deadline);
        expect(await secrets.refreshed(deadline)).toBeUndefined();
        state.time += 1_000;
      }
      expect(state.calls).toBe(1 + 3);
      state.time += hour;
      for (let time = 0; time < 5; time++) await expect(secrets.current(deadline)).rejects.toThrow();
      expect(state.calls).toBe(1 + 3 + 1);
    });

    test('it goes on as soon as there is a good one', async () => {
      const { state, secrets } = store();
      await secrets.current(deadline);
      fail(state);
      state.time += 2 * hour;
      await expect(secrets.current(deadline)).rejects.toThrow('could not be read');
      Object.assign(state, { down: false, text: 'whsec_test_00002' });
      state.time += 10_000;
      expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00002' }]);
    });
  });

  describe('that have an end', () => {
    const isoTime = (time: number) => new Date(time).toISOString();
    const graced = (end: number) =>
      JSON.stringify(['whsec_test_new_1', { secret: 'whsec_test_old_1', expiresAt: isoTime(end) }]);

    test('count up to that moment, and no more after it, without a call to the store', async () => {
      const { state, secrets } = store();
      state.text = graced(state.time + 1000);
      state.time += 1000;
      const names = async () => (await secrets.current(deadline)).map(({ secret }) => secret);
      expect(await names()).toEqual(['whsec_test_new_1', 'whsec_test_old_1']);
      state.time += 1;
      expect(await names()).toEqual(['whsec_test_new_1']);
      expect(state.calls).toBe(1);
    });

    test('do not come back by a refresh', async () => {
      const { state, secrets } = store();
      state.text = graced(state.time);
      state.time += 10_000;
      expect(await secrets.refreshed(deadline)).toEqual([{ secret: 'whsec_test_new_1' }]);
    });

    test('are our failure when all have ended; the store is asked for new ones, rate-limited', async () => {
      const { state, secrets } = store();
      state.text = JSON.stringify([{ secret: 'whsec_test_old_1', expiresAt: isoTime(state.time + 20_000) }]);
      await secrets.current(deadline);
      state.time += 20_001;
      const expired = { name: 'SecretUnavailable', message: 'Every signing secret has expired.' };
      await expect(secrets.current(deadline)).rejects.toMatchObject(expired);
      await expect(secrets.current(deadline)).rejects.toMatchObject(expired);
      expect(state.calls).toBe(2);
      state.text = 'whsec_test_00002';
      state.time += 10_000;
      expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_test_00002' }]);
    });
  });
});
