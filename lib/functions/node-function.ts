import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  ApplicationLogLevel,
  Architecture,
  type CfnFunction,
  type FunctionProps,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { settingsOf } from '../settings/scope.ts';
import { bundle } from './bundle.ts';
import type { Entry } from './entry.ts';

interface NodeFunctionProps extends Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups' | 'layers'> {
  description: string;
  /** Exports the function's `handler`. */
  entry: Entry;
  /** The function's variables. Given the version of its code, which changes exactly when the code does. */
  environment: (codeVersion: string) => Readonly<Record<string, string>>;
  memoryMb: number;
  timeout: Duration;
  /**
   * Has an alias that traffic shifts by, if deployments are gradual.
   *
   * @default true
   */
  hasAlias?: boolean;
}

/**
 * A Lambda function as every part here has it: Node 24 on arm64, with a log group whose lines expire, and a role of its own
 * that may only log (and trace, if the setting `tracing` is on) until it is granted more. Lambda itself logs what fails and
 * nothing else (docs/decisions/0037).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export class NodeFunction extends LambdaFunction {
  readonly memoryMb: number;
  /** Moves from version to version; undefined unless deployments are gradual. */
  readonly alias: Alias | undefined;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const { description, entry, environment, memoryMb, timeout, hasAlias = true, ...surroundings } = props;
    const settings = settingsOf(scope);
    const { code, version } = bundle(entry);
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Lambda's default role may write to every log group of the account.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description,
    });
    logGroup.grantWrite(role);
    // CDK gives it only to a role that it makes itself.
    if (surroundings.vpc)
      role.addManagedPolicy(
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole'),
      );
    const tracing = settings.tracing ? tracingPolicy(scope, id, role) : undefined;

    super(scope, id, {
      ...surroundings,
      description,
      code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      environment: environment(version),
      memorySize: memoryMb,
      timeout,
      logGroup,
      role,
      // Otherwise each invocation that goes well writes three more lines. Alarms count lines of the level INFO.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
    });
    this.memoryMb = memoryMb;
    this.alias = hasAlias && settings.gradualDeployment ? this.addAlias('live') : undefined;
    if (tracing) {
      // Not the `tracing` property, which grants it in the policy that holds every other grant.
      (this.node.defaultChild as CfnFunction).tracingConfig = { mode: Tracing.ACTIVE };
      this.node.addDependency(tracing);
    } else {
      Validations.of(this).acknowledge({
        id: 'Serverless::Serverless-LambdaTracing',
        reason:
          'The setting `tracing` is off, as it is by default. The log lines of an event are found by its id all the same.',
      });
    }
    Validations.of(this).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason:
        'Lambda uses it for asynchronous invocations only. API Gateway and SQS invoke synchronously: ' +
        'the caller gets the error, or the message goes back to its queue, which has a dead-letter queue.',
    });
  }

  /** What callers call: the alias if there is one. */
  get live(): IFunction {
    // CDK's own type of an alias does not meet its interface by `exactOptionalPropertyTypes`.
    return (this.alias ?? this) as IFunction;
  }
}

/** A policy of its own, so that what is acknowledged for tracing excuses no other grant of the function. */
function tracingPolicy(scope: Construct, id: string, role: Role): Policy {
  const policy = new Policy(scope, `${id}Tracing`, {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        resources: ['*'],
      }),
    ],
  });
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason:
      'These two actions of X-Ray know no resources; the policy holds nothing else. ' +
      'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html',
  });
  return policy;
}
