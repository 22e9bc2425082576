import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundle } from './bundle.ts';
import type { Settings } from './config.ts';

export interface NodeFunctionProps {
  description: string;
  /** Path of the TypeScript entry that exports `handler`. */
  entry: string;
  /** The function's variables. Given the version of its code, which changes exactly when the code does. */
  environment: (codeVersion: string) => Readonly<Record<string, string>>;
  memoryMb: number;
  timeout: Duration;
  settings: Settings;
}

/**
 * The house's Lambda function: Node 24 on arm64, traced, with a log group that ends and a role of its own
 * that may do nothing beyond logging and tracing until it is granted more.
 */
export class NodeFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const { description, entry, environment, memoryMb, timeout, settings } = props;
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

    super(scope, id, {
      description,
      code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      tracing: Tracing.ACTIVE,
      environment: environment(version),
      memorySize: memoryMb,
      timeout,
      logGroup,
      role,
    });
  }
}
