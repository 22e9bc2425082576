import { itemKinds } from '../../lambda/messages/key.ts';
import { parseEventSources } from '../../lambda/pauses/event-sources.ts';
import { pauseKeys } from '../../lambda/pauses/pause-records.ts';
import { queueUrlVariable } from '../../lambda/receiver/env.ts';
import { progressKeys } from '../../lambda/reconcile/progress/partition.ts';
import { canaryClaims } from '../../lambda/routing/canary-event.ts';
import type { Call } from '../../local/aws/iam/call.ts';
import { requestContexts } from '../../local/aws/iam/request-context.ts';
import type { Assembly } from '../../local/aws/template/assembly.ts';
import { arn } from '../../local/aws/template/intrinsics.ts';
import type { Resolve } from '../../local/aws/template/resolve.ts';
import { workerNames } from './handlers.ts';

type Uses = Readonly<Record<string, readonly string[]>>;

type Part = 'receiver' | 'worker' | 'canary' | 'keeper' | 'reconciler';

/**
 * What the functions' own code calls: actions, by the variable that names what they act on.
 * `test/e2e/permissions.test.ts` proves each of them by running it, and `test/e2e/alarms.test.ts` those of the reconciler.
 */
const usesOfPart: Readonly<Record<Part, Uses>> = {
  receiver: {
    SIGNING_SECRET_ID: ['secretsmanager:GetSecretValue'],
    UNROUTED_QUEUE_URL: ['sqs:SendMessage'],
    ARCHIVE_STREAM: ['firehose:PutRecord'],
    ...Object.fromEntries(workerNames.map((name) => [queueUrlVariable(name), ['sqs:SendMessage']])),
  },
  worker: {
    QUEUE_URL: ['sqs:ChangeMessageVisibility'],
    DEAD_LETTER_QUEUE_URL: ['sqs:SendMessage'],
    IDEMPOTENCY_TABLE: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    MESSAGES_TABLE: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    EVENT_BUS_NAME: ['events:PutEvents'],
  },
  canary: {
    SIGNING_SECRET_ID: ['secretsmanager:GetSecretValue'],
    IDEMPOTENCY_TABLE: ['dynamodb:GetItem'],
  },
  keeper: {
    IDEMPOTENCY_TABLE: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
    QUEUE_URLS: ['sqs:GetQueueAttributes'],
    EVENT_SOURCES: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
  },
  reconciler: {
    API_KEY_SECRET_ID: ['secretsmanager:GetSecretValue'],
    MESSAGES_TABLE: [
      'dynamodb:Query',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ],
    ...Object.fromEntries(workerNames.map((name) => [queueUrlVariable(name), ['sqs:SendMessage']])),
  },
};

/**
 * What a worker may do and does not on AWS, and why it stands in the template all the same.
 *
 * `GetQueueUrl` comes with CDK's event source for SQS, which grants all that a consumer may want.
 * `GetItem` is how Powertools reads a claim where the service does not hand it over with the refusal of a
 * conditional write. DynamoDB does; some of its emulators do not, and there it is called.
 */
const idleOfWorker: Uses = {
  QUEUE_URL: ['sqs:GetQueueUrl'],
  IDEMPOTENCY_TABLE: ['dynamodb:GetItem'],
};

/** What the code of a template's functions calls. */
export function usesOf(assembly: Assembly, resolve: Resolve): Call[] {
  return callsOf(assembly, resolve, usesOfPart);
}

/** What the template allows to its functions, and no function calls. */
export function idleGrantsOf(assembly: Assembly, resolve: Resolve): Call[] {
  return callsOf(assembly, resolve, {
    receiver: {},
    worker: idleOfWorker,
    canary: {},
    keeper: {},
    reconciler: {},
  });
}

function callsOf(assembly: Assembly, resolve: Resolve, uses: typeof usesOfPart): Call[] {
  const contextOf = requestContexts(assembly, resolve);
  return Object.values(assembly.resources).flatMap(({ Type, Properties }) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const { Environment, Role } = Properties as { Environment: object; Role: object };
    const { Variables } = resolve(Environment) as { Variables: Record<string, string> };
    const principal = String(resolve(Role));
    const part = partOf(Variables);
    return Object.entries(uses[part]).flatMap(([variable, actions]) => {
      const value = Variables[variable];
      if (value === undefined) return [];
      return arnsOf(variable, value).flatMap((resource) =>
        actions.flatMap((action) =>
          contextsOf(part, action).map((context) => ({
            principal,
            action,
            resource,
            context: { ...contextOf({ resource }), ...context },
          })),
        ),
      );
    });
  });
}

/** What the keys of records begin with that an action is for, of parts that may use no others. */
const keysOf: Readonly<Partial<Record<Part, (action: string) => readonly string[]>>> = {
  canary: () => [canaryClaims, pauseKeys],
  keeper: () => [pauseKeys],
  reconciler: (action) => (action === 'dynamodb:Query' ? [...itemKinds, progressKeys] : [progressKeys]),
};

function contextsOf(part: Part, action: string): Call['context'][] {
  return keysOf[part]?.(action).map((key) => ({ 'dynamodb:LeadingKeys': `${key}#0` })) ?? [{}];
}

function partOf(variables: Record<string, string>): Part {
  if (variables.WORKER_NAME) return 'worker';
  if (variables.API_KEY_SECRET_ID) return 'reconciler';
  if (variables.WEBHOOK_URL) return 'canary';
  return variables.EVENT_SOURCES ? 'keeper' : 'receiver';
}

function arnsOf(variable: string, value: string): string[] {
  if (variable === 'QUEUE_URLS') return value.split(',').map((url) => arnOf('QUEUE_URL', url));
  if (variable !== 'EVENT_SOURCES') return [arnOf(variable, value)];
  return parseEventSources(value).map(({ id }) => arn('lambda', `event-source-mapping:${id}`));
}

/** ARN of what a variable names. */
function arnOf(variable: string, value: string): string {
  if (variable.endsWith('QUEUE_URL')) return arn('sqs', value.split('/').at(-1) ?? '');
  if (variable.endsWith('TABLE')) return arn('dynamodb', `table/${value}`);
  if (variable === 'EVENT_BUS_NAME') return arn('events', `event-bus/${value}`);
  if (variable === 'ARCHIVE_STREAM') return arn('firehose', `deliverystream/${value}`);
  return value;
}
