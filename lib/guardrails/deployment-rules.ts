import type { Finding, Template } from './template.ts';

/** What must hold for a template to deploy, in a second region and a second time, too, by the name that acknowledges it. */
export const deploymentRules = {
  'wide-name': wideName,
  'retained-on-create': retainedOnCreate,
  'access-log-group': accessLogGroup,
  'permission-first': permissionFirst,
  'asynchronous-retries': asynchronousRetries,
  'alarm-window': alarmWindow,
  ascii,
} satisfies Record<string, (template: Template) => Finding[]>;

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
function wideName(template: Template): Finding[] {
  return Object.entries(wideNames).flatMap(([type, { property, within }]) =>
    template.all(type).flatMap((on) => {
      const name = on.properties[property];
      const text = JSON.stringify(name ?? '');
      const told = template.pseudo(text);
      const hasRegion = told.has('AWS::Region') || told.has('AWS::StackId');
      const hasAccount = within === 'account' || told.has('AWS::AccountId') || told.has('AWS::StackId');
      // What a parameter or another resource brings only the deployment knows.
      if (name === undefined || template.isImported(text) || (hasRegion && hasAccount)) return [];
      const parts = within === 'account' ? 'the region' : 'the region and the account';
      return {
        on,
        property,
        sentence: `${on.path} has a name that must be the only one in the whole ${within}, in all regions: a second stack could not be deployed. Leave ${property} out, or put ${parts} into it (Aws.REGION${within === 'account' ? '' : ', Aws.ACCOUNT_ID'}).`,
      };
    }),
  );
}

/**
 * Only where the name is fixed: what CloudFormation names is in nobody's way, and CDK retains much by default.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
function retainedOnCreate(template: Template): Finding[] {
  return template.every().flatMap((on) => {
    const kind = on.type.split('::').at(-1);
    const property = [`${kind}Name`, 'TableName', 'Name'].find((each) => on.properties[each] !== undefined);
    if (on.deletionPolicy !== 'Retain' || property === undefined) return [];
    if (template.isImported(JSON.stringify(on.properties[property]))) return [];
    return {
      on,
      property: 'DeletionPolicy',
      sentence: `${on.path} stays behind if the deployment that creates it fails, and its ${property} is in the way of the next one. Set its removalPolicy to RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE or DESTROY, or leave ${property} out.`,
    };
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html */
function accessLogGroup(template: Template): Finding[] {
  return ['AWS::ApiGatewayV2::Stage', 'AWS::ApiGateway::Stage'].flatMap((type) =>
    template.all(type).flatMap((stage) => {
      const { DestinationArn } = Object({
        ...Object(stage.properties.AccessLogSettings),
        ...Object(stage.properties.AccessLogSetting),
      });
      const on = template.target(DestinationArn, 'AWS::Logs::LogGroup');
      const property = 'LogGroupName';
      if (!on || JSON.stringify(on.properties[property] ?? '').includes('/aws/vendedlogs/')) return [];
      return {
        on,
        property,
        sentence: `${on.path} takes the access log of ${stage.path}, and its name does not begin with /aws/vendedlogs/: it would need an entry in the one resource policy of the region, which holds 5,120 characters, and where that is full the deployment fails. Set logGroupName to /aws/vendedlogs/ and a name.`,
      };
    }),
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html */
function permissionFirst(template: Template): Finding[] {
  return template.all('AWS::ApiGatewayV2::Integration').flatMap((on) => {
    const called = template.reference(on.properties.IntegrationUri);
    if (!called?.type.startsWith('AWS::Lambda::')) return [];
    const permissions = template
      .all('AWS::Lambda::Permission')
      .filter(({ properties }) => template.reference(properties.FunctionName)?.id === called.id);
    if (permissions.some(({ id }) => on.dependsOn.includes(id))) return [];
    return {
      on,
      property: 'DependsOn',
      sentence: `${on.path} calls ${called.path} and does not wait for the permission to: while a deployment changes both, requests are answered 500. Add a dependency: integration.node.addDependency(permission), with the AWS::Lambda::Permission of ${called.path}.`,
    };
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
function asynchronousRetries(template: Template): Finding[] {
  const targets = [
    ...template
      .all('AWS::Events::Rule')
      .flatMap((on) => list(on.properties.Targets).map((target) => ({ on, property: 'Targets', target }))),
    ...template
      .all('AWS::Scheduler::Schedule')
      .map((on) => ({ on, property: 'Target', target: on.properties.Target })),
  ];
  return targets.flatMap(({ on, property, target }) => {
    const called = template.reference(Object(target).Arn);
    const fn = template.functionOf(Object(target).Arn);
    if (!called || !fn) return [];
    const isSaid = template.all('AWS::Lambda::EventInvokeConfig').some(({ properties }) => {
      const { FunctionName, Qualifier } = properties;
      const isOfAlias =
        template.reference(Qualifier)?.id === called.id || Qualifier === called.properties.Name;
      return (
        template.functionOf(FunctionName)?.id === fn.id &&
        (called === fn ? Qualifier === '$LATEST' : isOfAlias)
      );
    });
    if (isSaid) return [];
    return {
      on,
      property,
      sentence: `${on.path} invokes ${called.path} asynchronously, so Lambda tries an error twice more, whatever the retries of ${on.path} are. Say how often: configureAsyncInvoke({ retryAttempts: 0 }) on ${called.path}, for example.`,
    };
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function alarmWindow(template: Template): Finding[] {
  return template.all('AWS::CloudWatch::Alarm').flatMap((on) => {
    const { Period, Metrics, EvaluationPeriods } = on.properties;
    const periods = list(Metrics).flatMap((each) => [
      Object(each).Period,
      Object(Object(each).MetricStat).Period,
    ]);
    const period = Math.max(...[Period, ...periods].filter((each) => each !== undefined).map(Number));
    const window = period * Number(EvaluationPeriods);
    const most = period >= 3_600 ? 7 : 1;
    if (!(window > most * 86_400)) return [];
    return {
      on,
      property: 'EvaluationPeriods',
      sentence: `${on.path} looks at ${EvaluationPeriods} periods of ${period} s, and CloudWatch looks back ${most === 1 ? 'one day' : 'seven days'} at most: it would refuse the alarm. Lower evaluationPeriods to ${Math.floor((most * 86_400) / period)} or less.`,
    };
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
function ascii(template: Template): Finding[] {
  return template.texts().flatMap(({ on, property, text }) => {
    const [found] = text.match(/\P{ASCII}/u) ?? [];
    if (found === undefined) return [];
    const code = `U+${found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
    return {
      on,
      property,
      sentence: `${on.path} has a character that is not ASCII (${code}) in ${property}: CloudFormation would put a question mark in its place. Write it in ASCII.`,
    };
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
