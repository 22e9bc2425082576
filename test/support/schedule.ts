import type { Template } from 'aws-cdk-lib/assertions';
import { resources } from './template.ts';

/**
 * Expects that a function runs at a rate, and that nobody repeats a run that failed.
 *
 * @param part what the logical id of its rule begins with
 * @param rate such as `rate(5 minutes)`
 * @param id logical id of the function
 */
export function expectSchedule(template: Template, part: string, rate: string, id: string): void {
  const rules = resources(template, 'AWS::Events::Rule').filter(([rule]) => rule.startsWith(part));
  expect(rules.map(([, rule]) => rule.Properties)).toEqual([
    expect.objectContaining({
      ScheduleExpression: rate,
      State: 'ENABLED',
      Targets: [expect.objectContaining({ RetryPolicy: { MaximumRetryAttempts: 0 } })],
    }),
  ]);
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: id },
    MaximumRetryAttempts: 0,
  });
}
