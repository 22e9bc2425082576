import { Match } from 'aws-cdk-lib/assertions';
import { pausesEnv } from '../../../lambda/pauses/env.ts';
import { pauseKeys } from '../../../lambda/pauses/pause-records.ts';
import { capitalize } from '../../../lib/outputs.ts';
import { workerNames } from '../../support/handlers.ts';
import {
  environmentOf,
  grantsOf,
  loggingGrants,
  resources,
  synthesizeStack,
  target,
  textOf,
} from '../../support/template.ts';

const template = synthesizeStack();
const keepers = resources(template, 'AWS::Lambda::Function').filter(([id]) =>
  id.startsWith('PausesFunction'),
);
const [[, { Properties }] = [] as never] = keepers;
const mappings = resources(template, 'AWS::Lambda::EventSourceMapping').map(([id]) => id);

test('there is one keeper, with exactly the environment that it reads, and it runs every five minutes', () => {
  expect(keepers).toHaveLength(1);
  expect(Object.keys(environmentOf(Properties)).sort()).toEqual(pausesEnv.toSorted());
  const rules = resources(template, 'AWS::Events::Rule').filter(([id]) => id.startsWith('Pauses'));
  expect(rules.map(([, rule]) => rule.Properties.ScheduleExpression)).toEqual(['rate(5 minutes)']);
});

test('it and the commands are told of the event source of every worker, and how long each may be paused', () => {
  const text = textOf(environmentOf(Properties).EVENT_SOURCES);
  expect(text).toBe(textOf(template.findOutputs('EventSources').EventSources?.Value));
  const sources = text.split(',').map((part) => part.split(':'));
  expect(sources.map(([worker]) => worker).sort()).toEqual([...workerNames].sort());
  expect(sources.map(([, id]) => id?.slice(1, -1)).sort()).toEqual([...mappings].sort());
  // Four days, without the hour, the waits and the receives that an event may take.
  for (const [, , seconds] of sources) expect(Number(seconds)).toBeGreaterThan(2 * 86_400);
  for (const [, , seconds] of sources) expect(Number(seconds)).toBeLessThan(4 * 86_400);
});

test('it is told of the queues in the order of the event sources, and how long they keep an event', () => {
  const { EVENT_SOURCES, QUEUE_URLS, QUEUE_RETENTION_SECONDS } = environmentOf(Properties);
  const workers = textOf(EVENT_SOURCES).matchAll(/(?:^|,)([a-z0-9]+):/g);
  const urls = textOf(QUEUE_URLS).split(',');
  const named = [...workers].map(([, worker = '']) =>
    expect.stringMatching(new RegExp(`${worker}WorkerQueue`, 'i')),
  );
  expect(urls).toEqual(named);
  expect(urls).toHaveLength(workerNames.length);
  expect(QUEUE_RETENTION_SECONDS).toBe(String(4 * 86_400));
});

test('it may lead no event source to another function', () => {
  const functions = resources(template, 'AWS::Lambda::Function')
    .map(([id]) => id)
    .filter((id) => /WorkerFunction/.test(id));
  const arns = functions.flatMap((id) => {
    const arn = { 'Fn::GetAtt': [id, 'Arn'] };
    return [arn, { 'Fn::Join': ['', [arn, ':*']] }];
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: target(Properties.Role) }],
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
          Condition: { ArnLikeIfExists: { 'lambda:FunctionArn': arns } },
        }),
      ]),
    },
  });
});

test('it may change these event sources and the records of pauses, and nothing else', () => {
  const granted = grantsOf(template, Properties);
  const named = (sentence: string) => sentence.replace(/\{.*"Ref":"(\w+)"\}.*/, '$1');
  expect([...new Set(granted.map(named))].sort()).toEqual(
    [
      ...loggingGrants('Pauses'),
      ...['Delete', 'Get', 'Put'].map((verb) => `Allow dynamodb:${verb}Item IdempotencyTable`),
      ...workerNames.map((name) => `Allow sqs:GetQueueAttributes ${capitalize(name)}WorkerQueue`),
      ...['Get', 'Update'].flatMap((verb) =>
        mappings.map((id) => `Allow lambda:${verb}EventSourceMapping ${id}`),
      ),
    ].sort(),
  );
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: target(Properties.Role) }],
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
          Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${pauseKeys}#*`] } },
        }),
      ]),
    },
  });
});

test('no template says whether an event source is on: a deployment leaves a pause', () => {
  for (const [, mapping] of resources(template, 'AWS::Lambda::EventSourceMapping')) {
    expect(mapping.Properties).not.toHaveProperty('Enabled');
  }
});
