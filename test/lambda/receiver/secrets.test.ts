import { cacheSecrets } from '../../../lambda/receiver/secrets.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

describe('cacheSecrets', () => {
  const deadline = 2_000_000;
  const log = createLogger({}, () => undefined);

  function store() {
    const state = { text: 'whsec_1', down: false, time: 1_000_000, calls: 0 };
    const secrets = cacheSecrets({
      async fetch() {
        state.calls += 1;
        if (state.down) throw new Error('down');
        return state.text;
      },
      now: () => state.time,
      log,
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
    state.text = 'whsec_2';
    state.time += 1;
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_2' }]);
  });

  test('keeps a stale secret working while the store is down, without asking at every request', async () => {
    const { state, secrets } = store();
    await secrets.current(deadline);
    state.down = true;
    state.time += 300_000;
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_1' }]);
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_1' }]);
    expect(state.calls).toBe(2);
  });

  test('fails closed when cold and the store is down, and asks again at the next request', async () => {
    const { state, secrets } = store();
    state.down = true;
    await expect(secrets.current(deadline)).rejects.toThrow('could not be read');
    state.down = false;
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_1' }]);
  });

  test('refreshes on demand, rate-limited', async () => {
    const { state, secrets } = store();
    await secrets.current(deadline);
    state.text = 'whsec_2';
    expect(await secrets.refreshed(deadline)).toBeUndefined();
    state.time += 10_000;
    expect(await secrets.refreshed(deadline)).toEqual([{ secret: 'whsec_2' }]);
    expect(await secrets.refreshed(deadline)).toBeUndefined();
    expect(state.calls).toBe(2);
  });

  test('a refresh that fails keeps what was known', async () => {
    const { state, secrets } = store();
    await secrets.current(deadline);
    state.down = true;
    state.time += 10_000;
    expect(await secrets.refreshed(deadline)).toBeUndefined();
    expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_1' }]);
  });

  describe('that have an end', () => {
    const until = (time: number) => new Date(time).toISOString();
    const graced = (end: number) => JSON.stringify(['whsec_new', { secret: 'whsec_old', until: until(end) }]);

    test('count up to that moment, and no more after it, without a call to the store', async () => {
      const { state, secrets } = store();
      state.text = graced(state.time + 1000);
      state.time += 1000;
      const names = async () => (await secrets.current(deadline)).map(({ secret }) => secret);
      expect(await names()).toEqual(['whsec_new', 'whsec_old']);
      state.time += 1;
      expect(await names()).toEqual(['whsec_new']);
      expect(state.calls).toBe(1);
    });

    test('do not come back by a refresh', async () => {
      const { state, secrets } = store();
      state.text = graced(state.time);
      state.time += 10_000;
      expect(await secrets.refreshed(deadline)).toEqual([{ secret: 'whsec_new' }]);
    });

    test('are our failure when all have ended; the store is asked for new ones, rate-limited', async () => {
      const { state, secrets } = store();
      state.text = JSON.stringify([{ secret: 'whsec_old', until: until(state.time + 20_000) }]);
      await secrets.current(deadline);
      state.time += 20_001;
      const expired = { name: 'SecretUnavailable', message: 'Every signing secret has expired.' };
      await expect(secrets.current(deadline)).rejects.toMatchObject(expired);
      await expect(secrets.current(deadline)).rejects.toMatchObject(expired);
      expect(state.calls).toBe(2);
      state.text = 'whsec_2';
      state.time += 10_000;
      expect(await secrets.current(deadline)).toEqual([{ secret: 'whsec_2' }]);
    });
  });
});
