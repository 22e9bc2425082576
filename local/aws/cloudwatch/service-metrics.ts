import type { AnsweredRequest } from '../../runtime/http-api/http-api.ts';
import type { QueueStatistics } from '../sqs/local-queue.ts';
import type { Datum, Metric } from './metric.ts';

/** Takes a value of a metric. */
export type RecordMetric = (metric: Metric, value: number) => void;

/**
 * What Lambda measures of a function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function functionMetrics(functionName: string, record: RecordMetric) {
  const put = (name: string, value: number) =>
    record({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } }, value);
  return {
    invoked({ durationMs, outcome }: { durationMs: number; outcome: 'success' | 'error' }): void {
      put('Invocations', 1);
      put('Errors', outcome === 'error' ? 1 : 0);
      put('Throttles', 0);
      put('Duration', durationMs);
    },
    /** It does not count as an invocation. */
    throttled: () => put('Throttles', 1),
  };
}

/**
 * What API Gateway measures of an HTTP API.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
export function apiMetrics(apiId: string, record: RecordMetric) {
  const put = (name: string, value: number) =>
    record({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: apiId } }, value);
  return {
    answered({ status, latencyMs, integrationLatencyMs }: AnsweredRequest): void {
      put('Count', 1);
      put('4xx', status >= 400 && status < 500 ? 1 : 0);
      put('5xx', status >= 500 ? 1 : 0);
      put('Latency', latencyMs);
      if (integrationLatencyMs !== undefined) put('IntegrationLatency', integrationLatencyMs);
    },
  };
}

/**
 * What SQS measures of a queue once a minute.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function queueSamples(
  QueueName: string,
  { visible, notVisible, oldestSeconds }: QueueStatistics,
): Datum[] {
  const metric = (name: string): Metric => ({ namespace: 'AWS/SQS', name, dimensions: { QueueName } });
  return [
    { metric: metric('ApproximateNumberOfMessagesVisible'), value: visible },
    { metric: metric('ApproximateNumberOfMessagesNotVisible'), value: notVisible },
    { metric: metric('ApproximateAgeOfOldestMessage'), value: oldestSeconds },
  ];
}

/**
 * What Firehose measures of a delivery stream. It delivers at once here, so that nothing ever waits.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
export function streamSamples(DeliveryStreamName: string): Datum[] {
  const dimensions = { DeliveryStreamName };
  const name = 'DeliveryToS3.DataFreshness';
  return [{ metric: { namespace: 'AWS/Firehose', name, dimensions }, value: 0 }];
}

/** DynamoDB rounds what is written up to whole units of 1 KB. */
const unitBytes = 1_024;
const writes = ['PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * What DynamoDB measures of a call.
 *
 * @param action as IAM has it, such as `dynamodb:PutItem`
 * @param requestBytes size of the request, which stands for the item's
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function tableMetrics(
  { action, resource, requestBytes }: { action: string; resource: string; requestBytes: number },
  record: RecordMetric,
): void {
  const operation = action.replace('dynamodb:', '');
  if (!writes.includes(operation)) return;
  const dimensions = { TableName: resource.split('/').at(-1) ?? '' };
  const units = Math.ceil(requestBytes / unitBytes);
  record({ namespace: 'AWS/DynamoDB', name: 'ConsumedWriteCapacityUnits', dimensions }, units);
}
