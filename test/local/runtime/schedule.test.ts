import { Concurrency } from '../../../local/aws/concurrency.ts';
import { arn, createResolver } from '../../../local/aws/intrinsics.ts';
import { LambdaFunction } from '../../../local/runtime/lambda.ts';
import type { InvocationResult } from '../../../local/runtime/sandbox.ts';
import { RunningSchedule, scheduleDefinitions } from '../../../local/runtime/schedule.ts';
import { eventually } from '../../support/eventually.ts';
import { defineFunction, Witness } from '../../support/function.ts';
import { HandClock } from '../../support/hand-clock.ts';

const minute = 60_000;
const config = { maximumRetryAttempts: 0, maximumEventAgeMs: 60 * minute };

function start(everyMs: number) {
  const clock = new HandClock();
  const target = {
    invoke: jest.fn(async (): Promise<InvocationResult> => ({ ok: true, result: undefined })),
  };
  const schedule = new RunningSchedule({ everyMs, targets: [{ target, config }] }, clock);
  return { clock, schedule, runs: () => target.invoke.mock.calls.length };
}

test('runs at once, and then at its rate', () => {
  const { clock, runs } = start(5 * minute);
  expect(runs()).toBe(1);
  clock.advance(5 * minute - 1);
  expect(runs()).toBe(1);
  clock.advance(1);
  expect(runs()).toBe(2);
  clock.advance(50 * minute);
  expect(runs()).toBe(12);
});

test('does not make up for what a machine slept through, and keeps its times', () => {
  const { clock, runs } = start(minute);
  clock.jump(10.5 * minute);
  clock.advance(0);
  expect(runs()).toBe(2);
  clock.advance(0.5 * minute);
  expect(runs()).toBe(3);
});

test('runs no more once it is stopped', () => {
  const { clock, schedule, runs } = start(minute);
  schedule.stop();
  clock.advance(10 * minute);
  expect(runs()).toBe(1);
});

const rule = {
  Type: 'AWS::Events::Rule',
  Properties: {
    ScheduleExpression: 'rate(5 minutes)',
    Targets: [{ Arn: arn('lambda', 'function:Function') }],
  },
};
const noRetry = {
  Type: 'AWS::Lambda::EventInvokeConfig',
  Properties: { FunctionName: 'Function', Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
};

/** Runs a rule whose function fails, until it has failed. Gives the waits that began: the rule's, and Lambda's. */
async function waitsAfterError(resources: Record<string, typeof rule | typeof noRetry>): Promise<number[]> {
  const witness = new Witness();
  const code = 'export const handler = async () => { throw new Error("any"); };';
  const target = new LambdaFunction(defineFunction(code), 1, new Concurrency(1), witness);
  const waits: number[] = [];
  const clock = {
    now: () => 0,
    after(milliseconds: number) {
      waits.push(milliseconds);
      return () => waits.splice(0);
    },
  };
  const resolve = createResolver(resources, { queueUrl: String, apiEndpoint: '' });
  const [definition] = scheduleDefinitions(
    { resources, outputs: {}, assetDirectory: String },
    resolve,
    new Map([['Function', target]]),
    () => true,
  );
  if (!definition) throw new Error('There is no schedule.');
  const schedule = new RunningSchedule(definition, clock);
  await eventually(
    () => witness.failures.length > 0,
    () => 'a failure',
  );
  await new Promise((resolve) => setImmediate(resolve));
  const begun = [...waits];
  schedule.stop();
  target.stop(true);
  expect(waits).toEqual([]);
  return begun;
}

test('a rule invokes asynchronously: an error is tried again, unless the function is configured otherwise', async () => {
  expect(await waitsAfterError({ Rule: rule })).toEqual([5 * minute, minute]);
  expect(await waitsAfterError({ Rule: rule, Config: noRetry })).toEqual([5 * minute]);
});
