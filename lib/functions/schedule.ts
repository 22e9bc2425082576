import { type Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

/**
 * Runs a function again and again. A run that fails is not tried again: the next one comes soon enough. EventBridge's part
 * ends when Lambda has accepted the event; Lambda itself tries an error twice more unless it is told not to.
 *
 * @param scope of the rule, which has an alarm for runs that fail
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function runEvery(every: Duration, scope: Construct, fn: NodeFunction): void {
  const rule = new Rule(scope, 'Schedule', { schedule: Schedule.rate(every) });
  rule.addTarget(new LambdaTarget(fn, { retryAttempts: 0 }));
  fn.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
  Validations.of(fn.node.findChild('EventInvokeConfig')).acknowledge({
    id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
    reason: 'A run that failed counts in Errors, which the alarm watches; its event says nothing.',
  });
  Validations.of(rule).acknowledge({
    id: 'Serverless::Serverless-EventBusDLQ',
    reason: 'A run that does not take place is followed by the next.',
  });
}
