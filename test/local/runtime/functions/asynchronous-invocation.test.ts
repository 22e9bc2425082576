import { createResolver } from '../../../../local/aws/template/intrinsics.ts';
import {
  type EventInvokeConfig,
  eventInvokeConfigs,
  invokeAsynchronously,
} from '../../../../local/runtime/functions/asynchronous-invocation.ts';
import type { InvocationResult } from '../../../../local/runtime/functions/invocation.ts';

/** A clock that jumps to whatever is waited for. */
function jumpingClock() {
  let now = 0;
  const waiting: { at: number; callback: () => void }[] = [];
  return {
    clock: {
      now: () => now,
      after(milliseconds: number, callback: () => void) {
        const wait = { at: now + milliseconds, callback };
        waiting.push(wait);
        return () => void waiting.splice(waiting.indexOf(wait), 1);
      },
    },
    /** Gives false where nothing waits. */
    jump(): boolean {
      const next = waiting.shift();
      if (!next) return false;
      now = next.at;
      next.callback();
      return true;
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const error: InvocationResult = { ok: false, error: 'any' };
const throttled: InvocationResult = { ok: false, error: 'any', throttled: true };
const done: InvocationResult = { ok: true, result: undefined };
const hours = 3_600_000;

/** The times at which a function is invoked that gives these results, the last of them for ever. */
async function attempts(
  results: InvocationResult[],
  config: Partial<EventInvokeConfig> = {},
  ending = new AbortController(),
): Promise<number[]> {
  const { clock, jump } = jumpingClock();
  const at: number[] = [];
  const target = {
    async invoke() {
      at.push(clock.now() / 1000);
      return results[Math.min(at.length, results.length) - 1] ?? done;
    },
  };
  const defaults = { maximumRetryAttempts: 2, maximumEventAgeMs: 6 * hours };
  invokeAsynchronously(target, {}, { ...defaults, ...config }, clock, ending.signal);
  do await settled();
  while (jump());
  return at;
}

test.each([
  ['a success', [done], {}, [0]],
  ['errors: again after a minute, then after two', [error], {}, [0, 60, 180]],
  ['an error and then a success', [error, done], {}, [0, 60]],
  ['errors that no retry follows', [error], { maximumRetryAttempts: 0 }, [0]],
  ['errors that one retry follows', [error], { maximumRetryAttempts: 1 }, [0, 60]],
  ['errors of an event that is soon too old', [error], { maximumEventAgeMs: 60_000 }, [0, 60]],
  ['throttles, which use up no retry', [throttled, throttled, error], {}, [0, 1, 3, 63, 183]],
])('an event is tried at these times, after %s', async (_what, results, config, expected) => {
  expect(await attempts(results, config)).toEqual(expected);
});

test('throttles: ever more rarely, until the event is too old', async () => {
  const at = await attempts([throttled]);
  const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  expect(waits.slice(0, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
  expect(at.at(-1)).toBeGreaterThan((6 * hours) / 1000 - 300);
  expect(at.at(-1)).toBeLessThanOrEqual((6 * hours) / 1000);
});

test('nothing is tried once it has ended, whether it waits or is in the middle', async () => {
  const early = new AbortController();
  early.abort();
  expect(await attempts([error], {}, early)).toEqual([0]);
  const { clock, jump } = jumpingClock();
  const ending = new AbortController();
  const config = { maximumRetryAttempts: 2, maximumEventAgeMs: 6 * hours };
  invokeAsynchronously({ invoke: async () => error }, {}, config, clock, ending.signal);
  await settled();
  ending.abort();
  expect(jump()).toBe(false);
});

test("a template's configs hold for what they name, and AWS's defaults for the rest", () => {
  const resources = (properties: object) => ({
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Canary' }, ...properties },
    },
    Canary: { Type: 'AWS::Lambda::Function', Properties: {} },
  });
  const configs = (properties: object) => {
    const all = resources(properties);
    const resolve = createResolver(all, { queueUrl: String, apiEndpoint: '' });
    return eventInvokeConfigs({ resources: all, outputs: {}, assetDirectory: String }, resolve);
  };
  const of = configs({ Qualifier: '$LATEST', MaximumRetryAttempts: 0 });
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:Canary';
  const byDefault = { maximumRetryAttempts: 2, maximumEventAgeMs: 6 * hours };
  expect(of(arn)).toEqual({ ...byDefault, maximumRetryAttempts: 0 });
  expect(of(`${arn}:live`)).toEqual(byDefault);
  expect(of(arn.replace('Canary', 'Other'))).toEqual(byDefault);
  const live = configs({ Qualifier: 'live', MaximumEventAgeInSeconds: 60 });
  expect(live(`${arn}:live`)).toEqual({ ...byDefault, maximumEventAgeMs: 60_000 });
  expect(live(arn)).toEqual(byDefault);
  const destination = { OnFailure: { Destination: 'any' } };
  expect(() => configs({ Qualifier: '$LATEST', DestinationConfig: destination })).toThrow('destinations');
});
