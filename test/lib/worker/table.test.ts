import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineHandlers, unrouted } from '../../../lambda/handlers/define-handlers.ts';
import type { EventType } from '../../../lambda/zavu/catalogue.ts';
import { WebhookStack, type WebhookStackProps } from '../../../lib/webhook-stack.ts';
import { handlers } from '../../support/handlers.ts';
import { environmentOf, grantsOf, resources } from '../../support/template.ts';

const { entries } = handlers;
const types = Object.keys(entries) as EventType[];
const load = () => Promise.reject(new Error('No handler is loaded at synthesis.'));

let files = 0;

/** A table in a file of its own, whose names are known to the compiler as texts alone. */
function tableOf(own: Partial<Record<EventType, string>>, draining: string[] = []) {
  const named = Object.entries(own).map(([type, worker]) => [type, { worker, load }]);
  return defineHandlers<string, string>(
    `/app/${++files}.ts`,
    { ...entries, ...Object.fromEntries(named) },
    {
      draining,
    },
  );
}

function deploy(props: WebhookStackProps): WebhookStack {
  return new WebhookStack(new App(), 'Test', props);
}

/** Some types, each at a worker of its own. */
const spread = (count: number) =>
  Object.fromEntries(types.slice(0, count).map((type, index) => [type, `own${index}`]));

test.each(['call-billing', 'Inbound', 'unrouted', 'none', '', 'x'.repeat(21)])(
  'a worker called %j is refused, and it is said what can be its name',
  (name) => {
    expect(() => deploy({ handlers: tableOf({ 'call.failed': name }) })).toThrow(
      `"${name}" cannot name a worker: `,
    );
    expect(() => deploy({ handlers: tableOf({}, [name]) })).toThrow(`"${name}" cannot name a worker: `);
  },
);

test.each([
  ['call.complted', '"call.complted" is no event type of Zavu\'s. Did you mean call.completed?'],
  ['order', '"order" is no event type of Zavu\'s.\n'],
])('an entry for %s is refused, although nothing has compiled the table', (type, sentence) => {
  const table = tableOf({ [type]: 'inbound', 'call.failed': 'no-name' });
  expect(() => deploy({ handlers: table })).toThrow(sentence);
});

test('twelve workers are deployed, and thirteen are refused', () => {
  const all = (count: number) =>
    tableOf({ ...Object.fromEntries(types.map((type) => [type, 'own0'])), ...spread(count) });
  expect(Object.keys(deploy({ handlers: all(12) }).zavu.workers)).toHaveLength(12);
  expect(() => deploy({ handlers: all(13) })).toThrow(
    '13 workers are too many: 12 is the most. Route several event types to one worker.',
  );
});

test('a table that routes nothing is refused, even if a worker drains', () => {
  const none = Object.fromEntries(types.map((type) => [type, unrouted])) as Record<
    EventType,
    typeof unrouted
  >;
  const sentence =
    'No event type has a worker. Route the types that you handle: `...defaults` routes them all.';
  expect(() => deploy({ handlers: defineHandlers('/app/none.ts', none) })).toThrow(sentence);
  const draining = defineHandlers('/app/drained.ts', none, { draining: ['inbound'] });
  expect(() => deploy({ handlers: draining })).toThrow(sentence);
});

test('two tables in one file are refused, with the file', () => {
  const one = defineHandlers('/app/two.ts', entries);
  const other = defineHandlers('/app/two.ts', entries);
  for (const table of [one, other]) {
    expect(() => deploy({ handlers: table })).toThrow(
      /^Handlers that do not fit \(\/app\/two\.ts\):\n {2}The file defines several tables\. Put each into a file of its own, where its name is `handlers`\.$/,
    );
  }
});

test('an option for a worker that there is not is refused, with those that there are', () => {
  const workers: Record<string, object> = { inbond: { memoryMb: 1_024 } };
  expect(() => deploy({ handlers: tableOf({}), workers })).toThrow(
    'workers.inbond: no event type is routed to a worker of that name. There are: inbound, delivery, templates, account.',
  );
});

test('all problems come at once', () => {
  const table = tableOf({ 'call.failed': 'Calls', 'call.answered': 'call_answers' });
  expect(() => deploy({ handlers: table, workers: { typo: {} } })).toThrow(
    /"call_answers".*\n.*"Calls".*\n.*workers\.typo/,
  );
});

const variablesOf = (template: Template, name: string) =>
  resources(template, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) =>
    id.startsWith(name) ? [environmentOf(Properties)] : [],
  );

test('a type that is unrouted is in no route, and a worker that is left without types is not deployed', () => {
  const own = { 'template.approved': unrouted, 'template.rejected': unrouted } as const;
  const some = defineHandlers('/app/some.ts', { ...entries, ...own });
  const { ROUTES } = variablesOf(Template.fromStack(deploy({ handlers: some })), 'Receiver')[0] ?? {};
  expect(ROUTES).toContain('templates=template.status_changed;');
  expect(ROUTES).not.toMatch(/approved|rejected|unrouted/);
  const without = defineHandlers('/app/without.ts', {
    ...entries,
    ...own,
    'template.status_changed': unrouted,
  });
  const template = Template.fromStack(deploy({ handlers: without }));
  expect(variablesOf(template, 'Templates')).toEqual([]);
  expect(Object.keys(template.findOutputs('*')).filter((name) => name.startsWith('Templates'))).toEqual([]);
});

describe('a draining worker', () => {
  const template = Template.fromStack(
    deploy({ handlers: tableOf({}, ['formerly']), settings: { canary: true } }),
  );
  const ids = Object.keys(template.toJSON().Resources).map((id) => id.replace(/[0-9A-F]{8}$/, ''));

  test('keeps its queue, its dead-letter queue, its function and their outputs', () => {
    expect(ids).toEqual(
      expect.arrayContaining([
        'FormerlyWorkerQueue',
        'FormerlyWorkerDeadLetterQueue',
        'FormerlyWorkerFunction',
        'MonitoringDeadLettersFormerly',
      ]),
    );
    template.hasOutput('FormerlyQueueUrl', {});
    template.hasOutput('FormerlyDeadLetterQueueUrl', {});
    expect(variablesOf(template, 'FormerlyWorker')).toMatchObject([{ WORKER_NAME: 'formerly' }]);
  });

  test('takes from its queue still', () => {
    const mappings = resources(template, 'AWS::Lambda::EventSourceMapping');
    expect(mappings.filter(([id]) => id.startsWith('FormerlyWorker'))).toHaveLength(1);
  });

  test('gets no type, no event of the canary, and keeps no messages', () => {
    const [receiver] = variablesOf(template, 'Receiver');
    expect(receiver?.ROUTES).toMatch(/;formerly=$/);
    expect(variablesOf(template, 'Canary')).toMatchObject([
      { WORKERS: 'inbound,delivery,templates,account' },
    ]);
    expect(variablesOf(template, 'FormerlyWorker')[0]).not.toHaveProperty('MESSAGES_TABLE');
    const [fn] = resources(template, 'AWS::Lambda::Function').filter(([id]) =>
      id.startsWith('FormerlyWorker'),
    );
    expect(grantsOf(template, fn?.[1].Properties ?? {}).join('\n')).not.toContain('Messages');
  });
});
