import type { Assembly } from '../../aws/template/assembly.ts';
import { functionOf } from '../../aws/template/intrinsics.ts';
import type { Resolve } from '../../aws/template/resolve.ts';
import type { Clock } from '../../clock.ts';
import type { InvocationResult } from './invocation.ts';

/** How Lambda treats events that it took, with which it invokes a function later. */
export interface EventInvokeConfig {
  /** How often an event is tried again after an error: 0 to 2. */
  maximumRetryAttempts: number;
  /** Milliseconds after which an event is dropped. */
  maximumEventAgeMs: number;
}

interface EventInvokeConfigProperties {
  FunctionName: string;
  Qualifier: string;
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: object;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Lambda's own defaults. */
const defaults: EventInvokeConfig = { maximumRetryAttempts: 2, maximumEventAgeMs: 6 * hourMs };

/** Waits before the second and the third attempt, after an error. */
const waitsAfterErrorMs = [minuteMs, 2 * minuteMs] as const;
const firstWaitAfterThrottleMs = 1_000;
const maxWaitAfterThrottleMs = 5 * minuteMs;

/**
 * Reads the template's `AWS::Lambda::EventInvokeConfig`s.
 *
 * @returns a function that takes what is invoked (an ARN or a name, with or without an alias) and gives the config that
 *   holds for it
 * @throws Error naming a config with destinations, which are not known here
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html
 */
export function eventInvokeConfigs(
  assembly: Assembly,
  resolve: Resolve,
): (arnOrName: string) => EventInvokeConfig {
  const configs = new Map<string, EventInvokeConfig>();
  for (const [id, { Type, Properties }] of Object.entries(assembly.resources)) {
    if (Type !== 'AWS::Lambda::EventInvokeConfig') continue;
    const config = resolve(Properties) as EventInvokeConfigProperties;
    const { FunctionName, Qualifier, MaximumRetryAttempts, MaximumEventAgeInSeconds } = config;
    if (Object.keys(config.DestinationConfig ?? {}).length > 0) {
      throw new Error(
        `The local run does not know the destinations of ${id}. Take them out of the template, or add them to local/runtime/functions/asynchronous-invocation.ts.`,
      );
    }
    configs.set(`${functionOf(FunctionName)}:${Qualifier}`, {
      maximumRetryAttempts: MaximumRetryAttempts ?? defaults.maximumRetryAttempts,
      maximumEventAgeMs: (MaximumEventAgeInSeconds ?? defaults.maximumEventAgeMs / 1000) * 1000,
    });
  }
  return (arnOrName) => {
    const qualifier = arnOrName.replace(/^arn:.*:function:/, '').split(':')[1] ?? '$LATEST';
    return configs.get(`${functionOf(arnOrName)}:${qualifier}`) ?? defaults;
  };
}

/**
 * Invokes a function as Lambda does for callers that do not wait for the result, such as EventBridge. After an error it
 * tries again a minute later, then two minutes later. After a throttle it tries again until the event is too old, first
 * after a second, then after twice as long each time, up to five minutes.
 *
 * @param clock by which it waits
 * @param ended makes it try no more
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function invokeAsynchronously(
  target: { invoke(event: unknown): Promise<InvocationResult> },
  event: unknown,
  { maximumRetryAttempts, maximumEventAgeMs }: EventInvokeConfig,
  clock: Clock,
  ended: AbortSignal,
): void {
  const dropAt = clock.now() + maximumEventAgeMs;
  let [errors, throttles] = [0, 0];

  /** Milliseconds until the next attempt, or undefined if there is none. */
  function waitAfter(result: InvocationResult): number | undefined {
    if (result.ok) return undefined;
    if (result.throttled) {
      return Math.min(firstWaitAfterThrottleMs * 2 ** throttles++, maxWaitAfterThrottleMs);
    }
    return errors < maximumRetryAttempts ? waitsAfterErrorMs[errors++] : undefined;
  }

  async function attempt(): Promise<void> {
    const waitMs = waitAfter(await target.invoke(event));
    if (ended.aborted || waitMs === undefined || clock.now() + waitMs > dropAt) return;
    const cancel = clock.after(waitMs, () => {
      ended.removeEventListener('abort', cancel);
      void attempt();
    });
    ended.addEventListener('abort', cancel, { once: true });
  }

  void attempt();
}
