import { secretPrefix } from '../../lambda/zavu/signing-secret.ts';
import { type Finding, variablesOf } from './resource.ts';
import type { StackTemplate } from './template.ts';

/** What must hold of functions and logs, by the name that acknowledges it: or a secret shows, or logs never end. */
export const functionRules = {
  'plain-text-secret': plainTextSecret,
  'log-retention': logRetention,
  'log-group': logGroup,
} satisfies Record<string, (template: StackTemplate) => Finding[]>;

/**
 * Judges by the value if that is enough: a secret of Zavu's, or a reference that the deployment replaces by the
 * secret. Otherwise by how the name ends, so that SIGNING_SECRET_ID and TOKEN_TTL_SECONDS pass.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
function plainTextSecret(template: StackTemplate): Finding[] {
  const secretValue = new RegExp(`${secretPrefix}\\w|\\{\\{resolve:(secretsmanager|ssm-secure):`);
  const secretName = /(SECRET|TOKEN|PASSWORD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)$/i;
  return template.all('AWS::Lambda::Function').flatMap((resource) =>
    Object.entries(variablesOf(resource))
      .filter(([name, value]) => {
        const literal = typeof value === 'string' && value !== '' && !value.startsWith('arn:');
        return secretValue.test(JSON.stringify(value)) || (literal && secretName.test(name));
      })
      .map(([name]) => ({
        resource,
        property: `Environment/Variables/${name}`,
        // Never the value: this is printed.
        sentence: `${resource.path} has a secret in plain text in ${name}: all who may read its configuration or the template can read it. Store it in Secrets Manager, pass its ARN, grant the function to read it, and fetch it there.`,
      })),
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html */
function logRetention(template: StackTemplate): Finding[] {
  return template
    .all('AWS::Logs::LogGroup')
    .filter(({ properties }) => properties.RetentionInDays === undefined)
    .map((resource) => ({
      resource,
      property: 'RetentionInDays',
      sentence: `${resource.path} keeps its logs for ever, and their cost grows. Set its retention, as settings.logRetentionDays does.`,
    }));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html */
function logGroup(template: StackTemplate): Finding[] {
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
    .map((resource) => ({
      resource,
      property: 'LoggingConfig',
      sentence: `${resource.path} leaves its log group to Lambda, which creates one that keeps its logs for ever. Pass it a LogGroup with a retention as logGroup.`,
    }));
}
