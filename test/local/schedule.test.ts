import { Concurrency } from '../../local/aws/concurrency.ts';
import { arn, createResolver } from '../../local/intrinsics.ts';
import { LambdaFunction } from '../../local/lambda.ts';
import { RunningSchedule, scheduleDefinitions } from '../../local/schedule.ts';
import { defineFunction, Witness } from '../support/function.ts';
import { eventually } from '../support/local-stack.ts';

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

/** Runs a rule whose function fails, until it has failed. Gives the waits that Lambda began then. */
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
  expect(await waitsAfterError({ Rule: rule })).toEqual([60_000]);
  expect(await waitsAfterError({ Rule: rule, Config: noRetry })).toEqual([]);
});
