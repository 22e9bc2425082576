import { Stack } from 'aws-cdk-lib';
import type { IDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';

/** Links into AWS's console, for alarms: from the text to the thing in one click. */

export function queueLink(queue: IQueue): string {
  const { region, account, urlSuffix } = Stack.of(queue);
  // The console takes the queue's URL as part of a path, so its slashes are escaped.
  const url = `https%3A%2F%2Fsqs.${region}.${urlSuffix}%2F${account}%2F${queue.queueName}`;
  return `${home(queue, 'sqs/v3')}#/queues/${url}`;
}

/** A function's page, on the tab of its metrics. */
export function functionLink(target: IFunction): string {
  return `${home(target, 'lambda')}#/functions/${target.functionName}?tab=monitoring`;
}

export function logsLink(logGroup: ILogGroup): string {
  // A name that the deployment makes has no slash; the console takes one of ours escaped twice, the percent as `$`.
  const { defaultChild } = logGroup.node;
  const ours = defaultChild instanceof CfnLogGroup ? defaultChild.logGroupName : undefined;
  const name = ours?.replaceAll('/', '$252F') ?? logGroup.logGroupName;
  return `${home(logGroup, 'cloudwatch')}#logsV2:log-groups/log-group/${name}`;
}

/** Logs Insights, where the saved queries are. */
export function queriesLink(scope: IConstruct): string {
  return `${home(scope, 'cloudwatch')}#logsV2:logs-insights`;
}

export function streamLink(stream: IDeliveryStream): string {
  return `${home(stream, 'firehose')}#/details/${stream.deliveryStreamName}/monitoring`;
}

export function tableLink(scope: IConstruct, tableName: string): string {
  return `${home(scope, 'dynamodbv2')}#table?name=${tableName}&tab=monitoring`;
}

function home(scope: IConstruct, service: string): string {
  const { region } = Stack.of(scope);
  return `https://${region}.console.aws.amazon.com/${service}/home?region=${region}`;
}
