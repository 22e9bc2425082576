import { readFileSync } from 'node:fs';
import {
  CfnResource,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type Stack,
} from 'aws-cdk-lib';
import type { ReceiverVariable } from '../lambda/receiver/env.ts';
import type { WorkerVariable } from '../lambda/worker/env.ts';
import { longestLadder } from '../lambda/zavu/delivery.ts';

/** A resource as the template has it. `path` is that of its construct, which a person knows it by. */
interface Resource {
  id: string;
  type: string;
  path: string;
  properties: Readonly<Record<string, unknown>>;
}

/** An event source mapping that takes from SQS. Queue and function are unknown where they are imported. */
interface SqsSource {
  mapping: Resource;
  queue: Resource | undefined;
  worker: Resource | undefined;
}

interface Finding {
  /** The resource at fault, and its property. */
  on: Resource;
  property: string;
  /** What is wrong, on which construct, what to do. */
  sentence: string;
}

/** What must hold, by the name that acknowledges it. Values that only the deployment knows are not judged. */
const rules = {
  'reserved-concurrency': reservedConcurrency,
  'visibility-timeout': visibilityTimeout,
  'batch-item-failures': batchItemFailures,
  'dead-letter-retention': deadLetterRetention,
  'idempotency-expiry': idempotencyExpiry,
  'event-age': eventAge,
  'plain-text-secret': plainTextSecret,
  'log-retention': logRetention,
  'log-group': logGroup,
} satisfies Record<string, (template: Template) => Finding[]>;

// What CloudFormation takes where the template says nothing.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
const defaultVisibilitySeconds = 30;
const defaultRetentionSeconds = 345_600;
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
const defaultTimeoutSeconds = 3;

const expiryVariable = 'IDEMPOTENCY_EXPIRY_SECONDS' satisfies WorkerVariable;

/**
 * Fails the synthesis of a stack for what deploys well and then loses events, repeats them, or shows a secret.
 *
 * It judges the stack's template, so constructs of any level count as they are after every override. What
 * nested stacks hold is not seen. Where something is right after all, say why beside it:
 * `Validations.of(construct).acknowledge({ id: 'Guardrails::log-group', reason: '…' })`.
 */
export class Guardrails implements IPolicyValidationPlugin {
  readonly name = 'Guardrails';
  readonly ruleIds = Object.keys(rules);
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** @throws Error where the stack is not among those that are synthesized */
  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const { path } = this.#stack.node;
    const own = stackTemplates.find(({ stackConstructPath }) => stackConstructPath === path);
    if (!own) throw new Error(`${path} has no template to judge.`);
    const template = new Template(this.#stack, own.templatePath);
    const violations = Object.entries(rules).flatMap(([ruleName, rule]) =>
      rule(template).map(({ on, property, sentence }) => ({
        ruleName,
        description: sentence,
        severity: 'error',
        violatingResources: [
          { resourceLogicalId: on.id, templatePath: own.templatePath, locations: [`Properties/${property}`] },
        ],
      })),
    );
    return { success: violations.length === 0, violations };
  }
}

/** A stack's resources, and how they hang together. */
class Template {
  readonly sqsSources: readonly SqsSource[];
  readonly #resources: ReadonlyMap<string, Resource>;

  constructor(stack: Stack, file: string) {
    const paths = new Map(
      stack.node
        .findAll()
        .filter((construct) => CfnResource.isCfnResource(construct))
        .map((resource) => [
          stack.resolve(resource.logicalId),
          resource.node.path.replace(/\/Resource$/, ''),
        ]),
    );
    const { Resources }: { Resources: Record<string, { Type: string; Properties?: object }> } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    this.#resources = new Map(
      Object.entries(Resources).map(([id, { Type, Properties }]) => [
        id,
        { id, type: Type, path: paths.get(id) ?? id, properties: { ...Properties } },
      ]),
    );
    this.sqsSources = this.all('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
      const { EventSourceArn, FunctionName } = mapping.properties;
      const queue = this.target(EventSourceArn, 'AWS::SQS::Queue');
      const takesFromSqs = queue !== undefined || JSON.stringify(EventSourceArn ?? '').includes(':sqs:');
      return takesFromSqs ? [{ mapping, queue, worker: this.#function(FunctionName) }] : [];
    });
  }

  all(type: string): Resource[] {
    return [...this.#resources.values()].filter((resource) => resource.type === type);
  }

  /** The resource that a value refers to, where it is of this type. */
  target(value: unknown, type: string): Resource | undefined {
    const found = this.#target(value);
    return found?.type === type ? found : undefined;
  }

  /** The function itself, also where it is named by a version or an alias of it. */
  #function(name: unknown): Resource | undefined {
    let found = this.#target(name);
    while (found?.type === 'AWS::Lambda::Alias' || found?.type === 'AWS::Lambda::Version') {
      found = this.#target(found.properties.FunctionName);
    }
    return found;
  }

  /** The first resource that a value refers to, however deep: an alias's name is put together from its ARN. */
  #target(value: unknown): Resource | undefined {
    const references = JSON.stringify(value ?? '').matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"|\$\{(\w+)/g);
    for (const [, id, substituted] of references) {
      const found = this.#resources.get(id ?? substituted ?? '');
      if (found) return found;
    }
    return undefined;
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
function reservedConcurrency({ sqsSources }: Template): Finding[] {
  const workers = new Set(sqsSources.flatMap(({ worker }) => worker ?? []));
  const property = 'ReservedConcurrentExecutions';
  return [...workers]
    .filter(({ properties }) => properties[property] !== undefined)
    .map((on) => ({
      on,
      property,
      sentence: `${on.path} takes from an SQS queue and has reserved concurrency: SQS counts what it throttles as an attempt, so good messages end among the dead letters. Remove it, and set maxConcurrency on the event source.`,
    }));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function visibilityTimeout({ sqsSources }: Template): Finding[] {
  return sqsSources.flatMap(({ mapping, queue, worker }) => {
    if (!queue || !worker) return [];
    const timeout = seconds(worker.properties.Timeout, defaultTimeoutSeconds);
    const least = 6 * timeout + seconds(mapping.properties.MaximumBatchingWindowInSeconds, 0);
    const hidden = seconds(queue.properties.VisibilityTimeout, defaultVisibilitySeconds);
    if (!(hidden < least)) return [];
    return {
      on: queue,
      property: 'VisibilityTimeout',
      sentence: `${queue.path} hides a message for ${hidden} s while ${worker.path} may work for ${timeout} s: a message could come back while it is being handled. Set visibilityTimeout to ${least} s or more (six timeouts and the batching window), or shorten the function's timeout.`,
    };
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
function batchItemFailures({ sqsSources }: Template): Finding[] {
  const property = 'FunctionResponseTypes';
  return sqsSources
    .filter(({ mapping }) => ![mapping.properties[property]].flat().includes('ReportBatchItemFailures'))
    .map(({ mapping }) => ({
      on: mapping,
      property,
      sentence: `${mapping.path} does not ask which messages of a batch failed: after one failure the others are handled again. Set reportBatchItemFailures on the event source, and return batchItemFailures from the function.`,
    }));
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
function deadLetterRetention(template: Template): Finding[] {
  return template.all('AWS::SQS::Queue').flatMap((queue) => {
    const deadLetters = deadLetterQueueOf(queue, template);
    if (!deadLetters || !(retention(deadLetters) <= retention(queue))) return [];
    return {
      on: deadLetters,
      property: 'MessageRetentionPeriod',
      sentence: `${deadLetters.path} keeps messages for ${days(retention(deadLetters))}, and ${queue.path} for ${days(retention(queue))}: the time in both counts, so a dead letter could be gone before anybody looks. Set the dead-letter queue's retentionPeriod to 14 days.`,
    };
  });
}

/** The life of a message is explained in lib/idempotency-table.ts; its slack is not asked for. */
function idempotencyExpiry(template: Template): Finding[] {
  return template.sqsSources.flatMap(({ queue, worker }) => {
    if (!queue || !worker) return [];
    const life = longestLadder.seconds + lifeOnceTaken(queue, template);
    if (!(remembered(worker) < life)) return [];
    return {
      on: worker,
      property: `Environment/Variables/${expiryVariable}`,
      sentence: `${worker.path} remembers a handled event for ${days(remembered(worker))}, and copies of it can live for ${days(life)}: a late one would be handled again. Set ${expiryVariable} to ${life} or more, or shorten the retention of ${queue.path}.`,
    };
  });
}

/** As for `idempotencyExpiry`, of copies that somebody else sends: a captured request stays good until it is too old. */
function eventAge(template: Template): Finding[] {
  const variable = 'MAX_EVENT_AGE_SECONDS' satisfies ReceiverVariable;
  return template.all('AWS::Lambda::Function').flatMap((on) => {
    const age = seconds(environment(on)[variable], Number.NaN);
    return template.sqsSources.flatMap(({ queue, worker }) => {
      if (!queue || !worker) return [];
      const life = age + lifeOnceTaken(queue, template);
      if (!(remembered(worker) < life)) return [];
      return {
        on,
        property: `Environment/Variables/${variable}`,
        sentence: `${on.path} takes events up to ${days(age)} old, which can live for ${days(life)} in all, and ${worker.path} remembers one for ${days(remembered(worker))}: one that it has forgotten could be replayed, and handled again. Lower ${variable} (maxEventAgeSeconds), or set ${expiryVariable} to ${life} or more.`,
      };
    });
  });
}

/**
 * Judges by the value where it tells by itself: a secret of Zavu's, or a reference that the deployment replaces
 * by the secret. Else by how the name ends, so that SIGNING_SECRET_ID and TOKEN_TTL_SECONDS pass.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
function plainTextSecret(template: Template): Finding[] {
  const secretValue = /whsec_\w|\{\{resolve:(secretsmanager|ssm-secure):/;
  const secretName = /(SECRET|TOKEN|PASSWORD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)$/i;
  return template.all('AWS::Lambda::Function').flatMap((on) =>
    Object.entries(environment(on))
      .filter(([name, value]) => {
        const literal = typeof value === 'string' && value !== '' && !value.startsWith('arn:');
        return secretValue.test(JSON.stringify(value)) || (literal && secretName.test(name));
      })
      .map(([name]) => ({
        on,
        property: `Environment/Variables/${name}`,
        // Never the value: this is printed.
        sentence: `${on.path} has a secret in plain text in ${name}: all who may read its configuration or the template can read it. Store it in Secrets Manager, pass its ARN, grant the function to read it, and fetch it there.`,
      })),
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html */
function logRetention(template: Template): Finding[] {
  return template
    .all('AWS::Logs::LogGroup')
    .filter(({ properties }) => properties.RetentionInDays === undefined)
    .map((on) => ({
      on,
      property: 'RetentionInDays',
      sentence: `${on.path} keeps its logs for ever, and their cost grows. Set its retention, as settings.logRetentionDays does.`,
    }));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html */
function logGroup(template: Template): Finding[] {
  // The names of groups as text: CDK names one that it adds to a function /aws/lambda/ and a Ref to the function.
  const names = template
    .all('AWS::Logs::LogGroup')
    .map(({ properties }) => JSON.stringify(properties.LogGroupName ?? ''))
    .filter((name) => name.includes('/aws/lambda/'));
  return template
    .all('AWS::Lambda::Function')
    .filter(({ id, properties }) => {
      const { LogGroup } = Object(properties.LoggingConfig);
      const own = [`"Ref":"${id}"`, `/aws/lambda/${properties.FunctionName}"`];
      return LogGroup === undefined && !names.some((name) => own.some((part) => name.includes(part)));
    })
    .map((on) => ({
      on,
      property: 'LoggingConfig',
      sentence: `${on.path} leaves its log group to Lambda, which creates one that keeps its logs for ever. Pass it a LogGroup with a retention as logGroup.`,
    }));
}

/** How long an event that was taken can live: queued, among the dead letters, and after a redrive queued once more. */
function lifeOnceTaken(queue: Resource, template: Template): number {
  const deadLetters = deadLetterQueueOf(queue, template);
  return 2 * retention(queue) + (deadLetters ? retention(deadLetters) : 0);
}

/** How long a worker remembers an event that it has handled; NaN where only the deployment knows. */
function remembered(worker: Resource): number {
  return seconds(environment(worker)[expiryVariable], Number.NaN);
}

function deadLetterQueueOf({ properties }: Resource, template: Template): Resource | undefined {
  return template.target(Object(properties.RedrivePolicy).deadLetterTargetArn, 'AWS::SQS::Queue');
}

function retention({ properties }: Resource): number {
  return seconds(properties.MessageRetentionPeriod, defaultRetentionSeconds);
}

function environment({ properties }: Resource): Readonly<Record<string, unknown>> {
  return Object(Object(properties.Environment).Variables);
}

/** A number of seconds; NaN, which no comparison holds for, where only the deployment knows it. */
function seconds(value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : Number(value);
}

function days(duration: number): string {
  return `${Number((duration / 86_400).toFixed(2))} days`;
}
