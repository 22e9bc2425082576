import { Match } from 'aws-cdk-lib/assertions';
import { lateAfterMs } from '../../../lambda/idempotency/subject-claim.ts';
import { queueUrlVariable } from '../../../lambda/receiver/env.ts';
import { reconcileEnv } from '../../../lambda/reconcile/env.ts';
import { settledAfterMs } from '../../../lambda/reconcile/window.ts';
import { claimSubjectsVariable } from '../../../lambda/worker/env.ts';
import { outputNames } from '../../../lib/outputs.ts';
import { workerNames } from '../../support/handlers.ts';
import { expectSchedule } from '../../support/schedule.ts';
import {
  environmentOf,
  grantsOf,
  loggingGrants,
  resources,
  synthesizeStack,
  target,
  textOf,
} from '../../support/template.ts';

const template = synthesizeStack({ reconcile: 'true', retainData: 'true' });
const off = synthesizeStack();
const reconcilers = resources(template, 'AWS::Lambda::Function').filter(([id]) => id.startsWith('Reconcile'));
const [[reconciler = '', { Properties }] = [] as never] = reconcilers;
const [[secret = '', apiKey] = [] as never] = resources(template, 'AWS::SecretsManager::Secret').filter(
  ([id]) => id.startsWith('Reconcile'),
);
const capitalized = workerNames.map((name) => name.charAt(0).toUpperCase() + name.slice(1));

test('there is one, with exactly the environment that it reads', () => {
  expect(reconcilers).toHaveLength(1);
  expect(Object.keys(environmentOf(Properties)).sort()).toEqual(
    [...reconcileEnv, ...workerNames.map(queueUrlVariable)].sort(),
  );
});

test('its settings, and what the receiver accepts, are in its environment; the API key is not: only where it is', () => {
  const given = { reconcile: 'true', reconcileRequestsPerMinute: '90', acceptedSignatures: 'v2' };
  const [[, set] = [] as never] = resources(synthesizeStack(given), 'AWS::Lambda::Function').filter(([id]) =>
    id.startsWith('Reconcile'),
  );
  expect(environmentOf(set.Properties)).toMatchObject({
    REQUESTS_PER_MINUTE: '90',
    ACCEPTED_SIGNATURES: 'v2',
    API_KEY_SECRET_ID: { Ref: secret },
    ZAVU_API_URL: 'https://api.zavu.dev',
  });
  expect(environmentOf(Properties)).toMatchObject({ REQUESTS_PER_MINUTE: '60' });
  // A dynamic reference would put the text itself into the variable.
  expect(JSON.stringify(Properties)).not.toMatch(/resolve:|SecretString/);
  const { WebhookUrl } = template.findOutputs('*');
  expect(textOf(environmentOf(Properties).REGISTERED_URL)).toBe(textOf(WebhookUrl?.Value));
});

test('it may read the key and the items, keep its progress, and send to the queues of workers; nothing else', () => {
  expect(grantsOf(template, Properties)).toEqual(
    [
      ...loggingGrants('Reconcile'),
      'Allow secretsmanager:GetSecretValue ReconcileApiKey',
      // Of the items, and of the progress.
      'Allow dynamodb:Query Messages',
      ...['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
        (call) => `Allow dynamodb:${call} Messages`,
      ),
      ...capitalized.map((name) => `Allow sqs:SendMessage ${name}WorkerQueue`),
    ].sort(),
  );
  // What it may write stands apart from what workers record.
  const statement = (Action: unknown, keys: unknown) =>
    Match.objectLike({ Action, Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } } });
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: target(Properties.Role) }],
    PolicyDocument: {
      Statement: Match.arrayWith([
        statement('dynamodb:Query', Match.arrayWith(['message#*', 'broadcast#*'])),
        statement(Match.arrayWith(['dynamodb:PutItem']), ['reconcile#*']),
      ]),
    },
  });
});

test('nobody else may read the key', () => {
  const readers = resources(template, 'AWS::IAM::Policy').filter(([, { Properties: policy }]) =>
    JSON.stringify(policy).includes(secret),
  );
  expect(readers.map(([, policy]) => (policy.Properties.Roles as unknown[]).map(target))).toEqual([
    [target(Properties.Role)],
  ]);
});

test('it runs every hour, as long as Lambda lets it, and a run that failed is not repeated', () => {
  expectSchedule(template, 'Reconcile', 'rate(1 hour)', reconciler);
  expect(Properties.Timeout).toBe(900);
});

test('an event that was young enough to go without a claim is handled before it is looked for', () => {
  const gapSeconds = (settledAfterMs - lateAfterMs) / 1000;
  for (const [, each] of resources(template, 'AWS::Lambda::Function')) {
    expect(2 * Number(each.Properties.Timeout)).toBeLessThan(gapSeconds);
  }
});

test('the secret is kept with the stack, and its first text is no key', () => {
  expect(apiKey.DeletionPolicy).toBe('RetainExceptOnCreate');
  // Frozen: if one of these changes, CloudFormation writes a new random text over the key that somebody stored.
  expect(apiKey.Properties.GenerateSecretString).toEqual({ ExcludePunctuation: true, PasswordLength: 64 });
  expect(apiKey.Properties).not.toHaveProperty('SecretString');
  expect(apiKey.Properties).not.toHaveProperty('Name');
});

test('workers claim subjects if it is on, and only then', () => {
  const claiming = (of: typeof template) =>
    resources(of, 'AWS::Lambda::Function')
      .filter(([, each]) => claimSubjectsVariable in environmentOf(each.Properties))
      .map(([id]) => id.replace(/WorkerFunction[0-9A-F]{8}$/, ''));
  expect(claiming(template).sort()).toEqual([...capitalized].sort());
  expect(claiming(off)).toEqual([]);
});

test('nothing of it is there if it is off: no secret, alarm, output or row of the dashboard', () => {
  expect(JSON.stringify(off.toJSON())).not.toMatch(/Reconcile|Recovered|RegistrationDiffers|Zavu give up/);
  expect(Object.keys(off.findOutputs('*'))).not.toContain(outputNames.apiKeySecretName);
  expect(Object.keys(template.findOutputs('*'))).toContain(outputNames.apiKeySecretName);
});
