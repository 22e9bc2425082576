import { Match } from 'aws-cdk-lib/assertions';
import { canaryEnv } from '../../../lambda/canary/env.ts';
import { pauseKeys } from '../../../lambda/pauses/pause-records.ts';
import { canaryClaims } from '../../../lambda/routing/canary-event.ts';
import { expectSchedule } from '../../support/schedule.ts';
import {
  environmentOf,
  grantsOf,
  loggingGrants,
  resources,
  synthesizeStack,
  target,
} from '../../support/template.ts';

const template = synthesizeStack({ canary: 'true' });
const canaries = resources(template, 'AWS::Lambda::Function').filter(([id]) => id.startsWith('Canary'));
const [[canary = '', { Properties }] = [] as never] = canaries;

test('there is one canary, with exactly the environment that it reads', () => {
  expect(canaries).toHaveLength(1);
  expect(Object.keys(environmentOf(Properties)).sort()).toEqual(canaryEnv.toSorted());
});

test('it may read the secret and look at its own claims and at pauses, and nothing else', () => {
  expect(grantsOf(template, Properties)).toEqual(
    [
      ...loggingGrants('Canary'),
      'Allow secretsmanager:GetSecretValue ReceiverSigningSecret',
      'Allow dynamodb:GetItem IdempotencyTable',
      'Allow dynamodb:GetItem IdempotencyTable',
    ].sort(),
  );
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: target(Properties.Role) }],
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'dynamodb:GetItem',
          Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${canaryClaims}#*`] } },
        }),
        Match.objectLike({
          Action: 'dynamodb:GetItem',
          Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${pauseKeys}#*`] } },
        }),
      ]),
    },
  });
});

test('it runs every five minutes, and a run that failed is not repeated', () => {
  expectSchedule(template, 'Canary', 'rate(5 minutes)', canary);
});

test('nothing of it is there if it is off', () => {
  expect(JSON.stringify(synthesizeStack({ canary: 'false' }).toJSON())).not.toMatch(/Canary[A-Z]|CANARY/);
});

test('the receiver alone is told of the canary, and only if there is one', () => {
  expect(told({ canary: 'true' })).toEqual(['on']);
  expect(told({})).toEqual([]);
});

/** What each function that is told of a canary is told. */
function told(settings: Record<string, unknown>): unknown[] {
  return resources(synthesizeStack(settings), 'AWS::Lambda::Function').flatMap(
    ([, { Properties }]) => environmentOf(Properties).CANARY ?? [],
  );
}
