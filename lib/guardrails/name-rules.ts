import type { Finding } from './resource.ts';
import type { StackTemplate } from './template.ts';

/** What must hold of names for a template to deploy in a second region and a second time, by the name that acknowledges it. */
export const nameRules = {
  'wide-name': wideName,
  'retained-on-create': retainedOnCreate,
} satisfies Record<string, (template: StackTemplate) => Finding[]>;

/**
 * Names that are one per account, or one in the world. Most others are one per region: Glue's databases, topics, rules of
 * EventBridge, queries of Logs Insights. The name of an `AWS::IAM::Policy` is one per role.
 */
const wideNames: Readonly<Record<string, { property: string; within: 'account' | 'world' }>> = {
  'AWS::CloudWatch::Dashboard': { property: 'DashboardName', within: 'account' },
  'AWS::IAM::Role': { property: 'RoleName', within: 'account' },
  'AWS::IAM::ManagedPolicy': { property: 'ManagedPolicyName', within: 'account' },
  'AWS::IAM::InstanceProfile': { property: 'InstanceProfileName', within: 'account' },
  'AWS::IAM::User': { property: 'UserName', within: 'account' },
  'AWS::IAM::Group': { property: 'GroupName', within: 'account' },
  'AWS::S3::Bucket': { property: 'BucketName', within: 'world' },
};

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function wideName(template: StackTemplate): Finding[] {
  return Object.entries(wideNames).flatMap(([type, { property, within }]) =>
    template.all(type).flatMap((resource) => {
      const name = resource.properties[property];
      const text = JSON.stringify(name ?? '');
      const told = template.pseudo(text);
      const hasRegion = told.has('AWS::Region') || told.has('AWS::StackId');
      const hasAccount = within === 'account' || told.has('AWS::AccountId') || told.has('AWS::StackId');
      // What a parameter or another resource brings only the deployment knows.
      if (name === undefined || template.isImported(text) || (hasRegion && hasAccount)) return [];
      const parts = within === 'account' ? 'the region' : 'the region and the account';
      return {
        resource,
        property,
        sentence: `${resource.path} has a name that must be the only one in the whole ${within}, in all regions: a second stack could not be deployed. Leave ${property} out, or put ${parts} into it (Aws.REGION${within === 'account' ? '' : ', Aws.ACCOUNT_ID'}).`,
      };
    }),
  );
}

/**
 * Only if the name is fixed: a name that CloudFormation makes is in nobody's way, and CDK retains much by default.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
function retainedOnCreate(template: StackTemplate): Finding[] {
  return template.every().flatMap((resource) => {
    const kind = resource.type.split('::').at(-1);
    const property = [`${kind}Name`, 'TableName', 'Name'].find(
      (each) => resource.properties[each] !== undefined,
    );
    if (resource.deletionPolicy !== 'Retain' || property === undefined) return [];
    if (template.isImported(JSON.stringify(resource.properties[property]))) return [];
    return {
      resource,
      property: 'DeletionPolicy',
      sentence: `${resource.path} stays behind if the deployment that creates it fails, and its ${property} is in the way of the next one. Set its removalPolicy to RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE or DESTROY, or leave ${property} out.`,
    };
  });
}
