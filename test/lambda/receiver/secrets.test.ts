import { cacheSecrets, MalformedSecret, parseSecrets } from '../../../lambda/receiver/secrets.ts';
import { createLogger } from '../../../lambda/shared/log.ts';

describe('parseSecrets', () => {
  test.each([
    ['whsec_a', ['whsec_a']],
    ['  whsec_a\n', ['whsec_a']],
    ['["whsec_a"]', ['whsec_a']],
    ['["whsec_a", "whsec_b\\n"]', ['whsec_a', 'whsec_b']],
  ])('%j', (text, secrets) => {
    expect(parseSecrets(text)).toEqual(secrets);
  });

  test.each(['', '  ', '[]', '[""]', '["whsec_a",""]', '[1]', '{"a":"whsec_a"}', '["whsec_a"'])(
    'refuses %j, without quoting it',
    (text) => {
      expect(() => parseSecrets(text)).toThrow(MalformedSecret);
    },
  );
});

describe('cacheSecrets', () => {
  const signal = AbortSignal.timeout(1000);
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
    await secrets.current(signal);
    state.time += 299_999;
    await secrets.current(signal);
    expect(state.calls).toBe(1);
    state.text = 'whsec_2';
    state.time += 1;
    expect(await secrets.current(signal)).toEqual(['whsec_2']);
  });

  test('keeps a stale secret working while the store is down, without asking at every request', async () => {
    const { state, secrets } = store();
    await secrets.current(signal);
    state.down = true;
    state.time += 300_000;
    expect(await secrets.current(signal)).toEqual(['whsec_1']);
    expect(await secrets.current(signal)).toEqual(['whsec_1']);
    expect(state.calls).toBe(2);
  });

  test('fails closed when cold and the store is down, and asks again at the next request', async () => {
    const { state, secrets } = store();
    state.down = true;
    await expect(secrets.current(signal)).rejects.toThrow('could not be read');
    state.down = false;
    expect(await secrets.current(signal)).toEqual(['whsec_1']);
  });

  test('refreshes on demand, rate-limited', async () => {
    const { state, secrets } = store();
    await secrets.current(signal);
    state.text = 'whsec_2';
    expect(await secrets.refreshed(signal)).toBeUndefined();
    state.time += 10_000;
    expect(await secrets.refreshed(signal)).toEqual(['whsec_2']);
    expect(await secrets.refreshed(signal)).toBeUndefined();
    expect(state.calls).toBe(2);
  });

  test('a refresh that fails keeps what was known', async () => {
    const { state, secrets } = store();
    await secrets.current(signal);
    state.down = true;
    state.time += 10_000;
    expect(await secrets.refreshed(signal)).toBeUndefined();
    expect(await secrets.current(signal)).toEqual(['whsec_1']);
  });
});
