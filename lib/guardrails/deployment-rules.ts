import { type Finding, toList } from './resource.ts';
import type { StackTemplate } from './template.ts';

/** What must hold for a template to deploy, and to call what it calls, by the name that acknowledges it. */
export const deploymentRules = {
  'access-log-group': accessLogGroup,
  'permission-first': permissionFirst,
  'asynchronous-retries': asynchronousRetries,
  ascii,
} satisfies Record<string, (template: StackTemplate) => Finding[]>;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html */
function accessLogGroup(template: StackTemplate): Finding[] {
  return ['AWS::ApiGatewayV2::Stage', 'AWS::ApiGateway::Stage'].flatMap((type) =>
    template.all(type).flatMap((stage) => {
      const { DestinationArn } = Object({
        ...Object(stage.properties.AccessLogSettings),
        ...Object(stage.properties.AccessLogSetting),
      });
      const logGroup = template.target(DestinationArn, 'AWS::Logs::LogGroup');
      const property = 'LogGroupName';
      if (!logGroup || startOf(logGroup.properties[property]).startsWith('/aws/vendedlogs/')) return [];
      return {
        resource: logGroup,
        property,
        sentence: `${logGroup.path} takes the access log of ${stage.path}, and its name does not begin with /aws/vendedlogs/: it would need an entry in the one resource policy of the region, which holds 5,120 characters, and once that is full the deployment fails. Set logGroupName to /aws/vendedlogs/ and a name.`,
      };
    }),
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html */
function permissionFirst(template: StackTemplate): Finding[] {
  return template.all('AWS::ApiGatewayV2::Integration').flatMap((integration) => {
    const called = template.reference(integration.properties.IntegrationUri);
    if (!called?.type.startsWith('AWS::Lambda::')) return [];
    const permissions = template
      .all('AWS::Lambda::Permission')
      .filter(({ properties }) => template.reference(properties.FunctionName)?.id === called.id);
    if (permissions.some(({ id }) => integration.dependsOn.includes(id))) return [];
    return {
      resource: integration,
      property: 'DependsOn',
      sentence: `${integration.path} may call ${called.path} before its permission exists: while a deployment changes both, requests are answered 500. Add a dependency: integration.node.addDependency(permission), with the AWS::Lambda::Permission of ${called.path}.`,
    };
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
function asynchronousRetries(template: StackTemplate): Finding[] {
  const targets = [
    ...template
      .all('AWS::Events::Rule')
      .flatMap((resource) =>
        toList(resource.properties.Targets).map((target) => ({ resource, property: 'Targets', target })),
      ),
    ...template
      .all('AWS::Scheduler::Schedule')
      .map((resource) => ({ resource, property: 'Target', target: resource.properties.Target })),
  ];
  return targets.flatMap(({ resource, property, target }) => {
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
      resource,
      property,
      sentence: `${resource.path} invokes ${called.path} asynchronously, so Lambda tries an error twice more, whatever the retries of ${resource.path} are. Say how often: configureAsyncInvoke({ retryAttempts: 0 }) on ${called.path}, for example.`,
    };
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
function ascii(template: StackTemplate): Finding[] {
  return template.texts().flatMap(({ resource, property, text }) => {
    const [found] = text.match(/\P{ASCII}/u) ?? [];
    if (found === undefined) return [];
    const code = `U+${found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
    return {
      resource,
      property,
      sentence: `${resource.path} has a character that is not ASCII (${code}) in ${property}: CloudFormation would put a question mark in its place. Write it in ASCII.`,
    };
  });
}

/** How a text begins; parts of it may be joined by the deployment. */
function startOf(value: unknown): string {
  const { 'Fn::Join': join, 'Fn::Sub': substituted } = Object(value);
  const first = toList(toList(join)[1])[0] ?? [substituted].flat()[0] ?? value;
  return typeof first === 'string' ? first : '';
}
