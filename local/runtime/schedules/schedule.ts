import type { Assembly } from '../../aws/template/assembly.ts';
import { functionOf } from '../../aws/template/intrinsics.ts';
import type { Resolve } from '../../aws/template/resolve.ts';
import type { Clock } from '../../clock.ts';
import {
  type EventInvokeConfig,
  eventInvokeConfigs,
  invokeAsynchronously,
} from '../functions/asynchronous-invocation.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';

interface RuleProperties {
  ScheduleExpression?: string;
  Targets?: { Arn: string }[];
}

/** A rule of the template that invokes functions at a rate. */
export interface ScheduleDefinition {
  everyMs: number;
  targets: { target: Pick<LambdaFunction, 'invoke'>; config: EventInvokeConfig }[];
}

const minutes: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/**
 * The scheduled rules of a template. That EventBridge may invoke their targets was demanded at deployment.
 *
 * @throws Error naming an expression that is not a rate
 */
export function scheduleDefinitions(
  assembly: Assembly,
  resolve: Resolve,
  functions: ReadonlyMap<string, LambdaFunction>,
): ScheduleDefinition[] {
  const configOf = eventInvokeConfigs(assembly, resolve);
  return Object.entries(assembly.resources).flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::Events::Rule') return [];
    const { ScheduleExpression, Targets = [] } = resolve(Properties) as RuleProperties;
    if (ScheduleExpression === undefined) return [];
    const [, count, unit = ''] = ScheduleExpression.match(/^rate\((\d+) (minute|hour|day)s?\)$/) ?? [];
    if (!count) throw new Error(`The local run does not know the schedule ${ScheduleExpression} of ${id}.`);
    const targets = Targets.flatMap(({ Arn }) => {
      const target = functions.get(functionOf(Arn));
      return target ? [{ target, config: configOf(Arn) }] : [];
    });
    return { everyMs: Number(count) * (minutes[unit] ?? 1) * 60_000, targets };
  });
}

/** Invokes functions at a rate of the clock's, for the first time at once, and asynchronously, as EventBridge does. */
export class RunningSchedule {
  readonly #clock: Clock;
  readonly #schedule: ScheduleDefinition;
  readonly #ending = new AbortController();
  #cancel: () => void = () => undefined;

  constructor(schedule: ScheduleDefinition, clock: Clock) {
    this.#schedule = schedule;
    this.#clock = clock;
    this.#run(clock.now());
  }

  stop(): void {
    this.#cancel();
    this.#ending.abort();
  }

  /** @param due when this run was due: the next is counted from there, or a busy machine would shift them all */
  #run(due: number): void {
    const { everyMs, targets } = this.#schedule;
    for (const { target, config } of targets) {
      invokeAsynchronously(target, { source: 'aws.events' }, config, this.#clock, this.#ending.signal);
    }
    const now = this.#clock.now();
    // Runs that the machine slept through are left out.
    const missed = Math.max(0, Math.floor((now - due) / everyMs));
    const next = due + (missed + 1) * everyMs;
    this.#cancel = this.#clock.after(next - now, () => this.#run(next));
  }
}
