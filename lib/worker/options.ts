import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';

/** In what a worker differs from the others. What is left out is as the settings say for all of them. */
export interface WorkerOptions {
  /**
   * Path of an entry of your own, which exports `handler = createWorker(handlers)`: for handlers that live in
   * another package.
   *
   * @default - the worker runs its handlers of the table
   */
  entry?: string;
  /**
   * Variables of your handlers' own.
   *
   * @default {}
   */
  environment?: Readonly<Record<string, string>>;
  /**
   * Memory of the function, in MB.
   *
   * @default - the setting `workerMemoryMb`
   */
  memoryMb?: number;
  /**
   * How long a batch may take, in seconds. Visibility timeout and alarms follow from it.
   *
   * @default - the setting `workerTimeoutSeconds`
   */
  timeoutSeconds?: number;
  /**
   * Invocations at once, 2 or more.
   *
   * @default - the setting `workerMaxConcurrency`
   */
  maxConcurrency?: number;
  /**
   * The VPC in which the function runs, to reach a database there. From there it must still reach SQS, DynamoDB, CloudWatch
   * and what its handlers call: by a NAT gateway, or by endpoints.
   *
   * @default - it runs in no VPC
   */
  vpc?: IVpc;
  /**
   * The subnets of `vpc`.
   *
   * @default - CDK's own choice: private subnets with egress
   */
  vpcSubnets?: SubnetSelection;
  /**
   * Security groups of the function in `vpc`.
   *
   * @default - a group of its own, that lets all out
   */
  securityGroups?: ISecurityGroup[];
  /**
   * Layers of the function: extensions of a monitoring tool, for example.
   *
   * @default []
   */
  layers?: ILayerVersion[];
}
