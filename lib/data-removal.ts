import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { settingsOf } from './settings/scope.ts';

/** What holds events, what is known of them, or what people have stored. Logs have their retention instead. */
const dataTypes: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::EventBus',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
]);

/**
 * Says what becomes of queues, tables, the bus, the archive and the secret when the stack is deleted: they stay if
 * `retainData` is on. If the deployment that creates them fails they are deleted all the same: they are empty, and would
 * be in the way of the next one.
 *
 * Not CDK's `RemovalPolicies`: it acts at synthesis, so it would also reach what you put into the stack beside these.
 *
 * @param owner the construct of all parts, once they are there
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function setDataRemovalPolicy(owner: IConstruct): void {
  const { retainData } = settingsOf(owner);
  const policy = retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
  for (const resource of owner.node.findAll().filter((each) => CfnResource.isCfnResource(each))) {
    if (dataTypes.has(resource.cfnResourceType)) resource.applyRemovalPolicy(policy);
  }
}
