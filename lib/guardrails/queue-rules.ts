import type { ReceiverVariable } from '../../lambda/receiver/env.ts';
import type { WorkerVariable } from '../../lambda/worker/env.ts';
import { longestLadder } from '../../lambda/zavu/delivery.ts';
import { type Finding, type JudgedResource, toSeconds, variablesOf } from './resource.ts';
import type { StackTemplate } from './template.ts';

/** What must hold of queues and their workers, by the name that acknowledges it: or events are lost, or repeated. */
export const queueRules = {
  'reserved-concurrency': reservedConcurrency,
  'visibility-timeout': visibilityTimeout,
  'batch-item-failures': batchItemFailures,
  'dead-letter-retention': deadLetterRetention,
  'idempotency-expiry': idempotencyExpiry,
  'event-age': eventAge,
} satisfies Record<string, (template: StackTemplate) => Finding[]>;

// What CloudFormation takes if the template says nothing.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
const defaultVisibilitySeconds = 30;
const defaultRetentionSeconds = 345_600;
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
const defaultTimeoutSeconds = 3;

const expiryVariable = 'IDEMPOTENCY_EXPIRY_SECONDS' satisfies WorkerVariable;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
function reservedConcurrency({ sqsSources }: StackTemplate): Finding[] {
  const workers = new Set(sqsSources.flatMap(({ worker }) => worker ?? []));
  const property = 'ReservedConcurrentExecutions';
  return [...workers]
    .filter(({ properties }) => properties[property] !== undefined)
    .map((resource) => ({
      resource,
      property,
      sentence: `${resource.path} takes from an SQS queue and has reserved concurrency: SQS counts a receive for each message that Lambda throttles, so good messages become dead letters. Remove it, and set maxConcurrency on the event source.`,
    }));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function visibilityTimeout({ sqsSources }: StackTemplate): Finding[] {
  return sqsSources.flatMap(({ mapping, queue, worker }) => {
    if (!queue || !worker) return [];
    const timeout = toSeconds(worker.properties.Timeout, defaultTimeoutSeconds);
    const least = 6 * timeout + toSeconds(mapping.properties.MaximumBatchingWindowInSeconds, 0);
    const hidden = toSeconds(queue.properties.VisibilityTimeout, defaultVisibilitySeconds);
    if (!(hidden < least)) return [];
    return {
      resource: queue,
      property: 'VisibilityTimeout',
      sentence: `${queue.path} hides a message for ${hidden} s while ${worker.path} may work for ${timeout} s: a message could come back while it is being handled. Set visibilityTimeout to ${least} s or more (six timeouts and the batching window), or shorten the function's timeout.`,
    };
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
function batchItemFailures({ sqsSources }: StackTemplate): Finding[] {
  const property = 'FunctionResponseTypes';
  return sqsSources
    .filter(({ mapping }) => ![mapping.properties[property]].flat().includes('ReportBatchItemFailures'))
    .map(({ mapping }) => ({
      resource: mapping,
      property,
      sentence: `${mapping.path} does not ask which messages of a batch failed: after one failure the others are handled again. Set reportBatchItemFailures on the event source, and return batchItemFailures from the function.`,
    }));
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
function deadLetterRetention(template: StackTemplate): Finding[] {
  return template.all('AWS::SQS::Queue').flatMap((queue) => {
    const deadLetters = deadLetterQueueOf(queue, template);
    if (!deadLetters || !(retention(deadLetters) <= retention(queue))) return [];
    return {
      resource: deadLetters,
      property: 'MessageRetentionPeriod',
      sentence: `${deadLetters.path} keeps messages for ${formatDays(retention(deadLetters))}, and ${queue.path} for ${formatDays(retention(queue))}: SQS counts the retention of a dead letter from its first send, so it could be deleted before anybody looks. Set the dead-letter queue's retentionPeriod to 14 days.`,
    };
  });
}

/** The life of a message is explained in lib/idempotency/idempotency-table.ts; its slack is not asked for. */
function idempotencyExpiry(template: StackTemplate): Finding[] {
  return template.sqsSources.flatMap(({ queue, worker }) => {
    if (!queue || !worker) return [];
    const life = longestLadder.seconds + lifeOnceTaken(queue, template);
    if (!(expiryOf(worker) < life)) return [];
    return {
      resource: worker,
      property: `Environment/Variables/${expiryVariable}`,
      sentence: `${worker.path} keeps the idempotency record of a handled event for ${formatDays(expiryOf(worker))}, and duplicates of it can arrive for ${formatDays(life)}: a late one would be handled again. Set ${expiryVariable} to ${life} or more, or shorten the retention of ${queue.path}.`,
    };
  });
}

/** As for `idempotencyExpiry`, of duplicates that somebody else sends: a captured request stays good until it is too old. */
function eventAge(template: StackTemplate): Finding[] {
  const variable = 'MAX_EVENT_AGE_SECONDS' satisfies ReceiverVariable;
  return template.all('AWS::Lambda::Function').flatMap((resource) => {
    const age = toSeconds(variablesOf(resource)[variable], Number.NaN);
    return template.sqsSources.flatMap(({ queue, worker }) => {
      if (!queue || !worker) return [];
      const life = age + lifeOnceTaken(queue, template);
      if (!(expiryOf(worker) < life)) return [];
      return {
        resource,
        property: `Environment/Variables/${variable}`,
        sentence: `${resource.path} takes events up to ${formatDays(age)} old, which can live for ${formatDays(life)} in all, and ${worker.path} keeps the idempotency record of one for ${formatDays(expiryOf(worker))}: after that it could be replayed, and handled again. Lower ${variable} (maxEventAgeSeconds), or set ${expiryVariable} to ${life} or more.`,
      };
    });
  });
}

/** How long an event that was taken can live: queued, among the dead letters, and after a redrive queued once more. */
function lifeOnceTaken(queue: JudgedResource, template: StackTemplate): number {
  const deadLetters = deadLetterQueueOf(queue, template);
  return 2 * retention(queue) + (deadLetters ? retention(deadLetters) : 0);
}

/** How long a worker keeps the idempotency record of an event, in seconds; NaN if only the deployment knows. */
function expiryOf(worker: JudgedResource): number {
  return toSeconds(variablesOf(worker)[expiryVariable], Number.NaN);
}

function deadLetterQueueOf(
  { properties }: JudgedResource,
  template: StackTemplate,
): JudgedResource | undefined {
  return template.target(Object(properties.RedrivePolicy).deadLetterTargetArn, 'AWS::SQS::Queue');
}

function retention({ properties }: JudgedResource): number {
  return toSeconds(properties.MessageRetentionPeriod, defaultRetentionSeconds);
}

function formatDays(duration: number): string {
  return `${Number((duration / 86_400).toFixed(2))} days`;
}
