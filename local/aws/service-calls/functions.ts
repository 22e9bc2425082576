import { arn, functionOf } from '../template/intrinsics.ts';
import type { ResourceType, ServiceCall, TemplateResource } from './resource-type.ts';

const context = { 'aws:SecureTransport': 'true' };

/** Lambda: what a function and the pollers of its queues need of its role. */
export const functionTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': {
    properties: [
      'Architectures',
      'Code',
      'Description',
      'Environment',
      'EphemeralStorage',
      'FunctionName',
      'Handler',
      'LoggingConfig',
      'MemorySize',
      'RecursiveLoop',
      'ReservedConcurrentExecutions',
      'Role',
      'Runtime',
      'RuntimeManagementConfig',
      'Tags',
      'Timeout',
      'TracingConfig',
    ],
    calls: (lambda) => [trust(lambda), ...traces(lambda), ...logs(lambda)],
  },
  'AWS::Lambda::Version': { properties: ['CodeSha256', 'Description', 'FunctionName'] },
  'AWS::Lambda::Permission': {
    properties: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  },
  'AWS::Lambda::EventInvokeConfig': {
    properties: ['FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  },
  'AWS::Lambda::EventSourceMapping': {
    properties: [
      'BatchSize',
      'Enabled',
      'EventSourceArn',
      'FilterCriteria',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'ScalingConfig',
      'Tags',
    ],
    calls: polling,
  },
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
function trust(lambda: TemplateResource): ServiceCall {
  const call = {
    principal: 'lambda.amazonaws.com',
    action: 'sts:AssumeRole',
    resource: lambda.text('Role'),
    context,
  };
  return { from: lambda.id, call };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
function traces(lambda: TemplateResource): ServiceCall[] {
  const { Mode } = Object(lambda.get('TracingConfig')) as { Mode?: string };
  if (Mode !== 'Active') return [];
  return ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({
    from: lambda.id,
    call: { principal: lambda.text('Role'), action, resource: '*', context },
  }));
}

/**
 * What a function prints is written in its role. If the role may not write it, Lambda drops it silently.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html#monitoring-cloudwatchlogs-prereqs
 */
function logs(lambda: TemplateResource): ServiceCall[] {
  const { LogGroup } = Object(lambda.get('LoggingConfig')) as { LogGroup?: string };
  const group = arn('logs', `log-group:${LogGroup ?? `/aws/lambda/${lambda.id}`}`);
  const needs = [
    // Its own group is there once it has printed for the first time.
    ...(LogGroup === undefined ? [['logs:CreateLogGroup', group] as const] : []),
    ['logs:CreateLogStream', `${group}:log-stream:local`] as const,
    ['logs:PutLogEvents', `${group}:log-stream:local`] as const,
  ];
  return needs.map(([action, resource]) => ({
    from: lambda.id,
    call: { principal: lambda.text('Role'), action, resource, context },
    consequence: 'log nothing',
  }));
}

/**
 * A mapping polls in the role of its function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
function polling(mapping: TemplateResource): ServiceCall[] {
  const queue = mapping.text('EventSourceArn');
  if (!queue.startsWith('arn:aws:sqs:')) throw mapping.unknown(`the event source ${queue}`);
  const lambda = mapping.other('AWS::Lambda::Function', functionOf(mapping.text('FunctionName')));
  return ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
    from: mapping.id,
    call: { principal: lambda.text('Role'), action, resource: queue, context },
  }));
}
