import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineHandlers, type HandlerTable, unrouted } from '../../../lambda/handlers/define-handlers.ts';
import type { EventType } from '../../../lambda/zavu/catalogue.ts';
import { WebhookStack } from '../../../lib/webhook-stack.ts';
import { handlers } from '../../support/handlers.ts';
import { environmentOf, type SynthesizedResource } from '../../support/template.ts';

jest.unmock('../../../lib/functions/bundle.ts');

const root = join(import.meta.dirname, '../../..');
const directory = mkdtempSync(join(tmpdir(), 'zavu-routes-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The worker of each type: all at one, but for some. */
type Workers = Partial<Record<EventType, string>>;

let tables = 0;

/**
 * A table in a file of its own, whose handlers log a word.
 *
 * @param own the workers of some types
 */
function tableOf(word: string, own: Workers = {}): HandlerTable {
  const types = Object.keys(handlers.entries) as EventType[];
  const workers = types.map((type) => [type, own[type] ?? 'inbound'] as const);
  const folder = join(directory, `${++tables}`);
  mkdirSync(folder);
  const file = join(folder, 'handlers.ts');
  writeFileSync(
    join(folder, 'handler.ts'),
    `export const handler = async () => console.log(${JSON.stringify(word)});`,
  );
  const load = "() => import('./handler.ts')";
  const lines = workers.map(([type, worker]) => `'${type}': { worker: '${worker}', load: ${load} },`);
  writeFileSync(
    file,
    `import { defineHandlers } from ${JSON.stringify(join(root, 'lambda/handlers/define-handlers.ts'))};
    export const handlers = defineHandlers(import.meta.url, {\n${lines.join('\n')}\n});`,
  );
  const entries = workers.map(([type, worker]) => [
    type,
    { worker, load: () => Promise.reject(new Error()) },
  ]);
  return defineHandlers<string, string>(file, {
    ...(Object.fromEntries(types.map((type) => [type, unrouted])) as Record<EventType, typeof unrouted>),
    ...Object.fromEntries(entries),
  });
}

/** The functions that a table is deployed with, by their names. */
function functionsOf(table: HandlerTable): Record<string, SynthesizedResource> {
  const template = Template.fromStack(new WebhookStack(new App(), 'Test', { handlers: table }));
  const all = Object.entries(template.findResources('AWS::Lambda::Function'));
  return Object.fromEntries(
    all.map(([id, resource]) => [id.replace(/Function[0-9A-F]{8}$/, ''), resource as SynthesizedResource]),
  );
}

test('a handler that changes changes its worker, and leaves the receiver as it is', () => {
  const [before, after] = [functionsOf(tableOf('before')), functionsOf(tableOf('after'))];
  expect(after.InboundWorker?.Properties.Code).not.toEqual(before.InboundWorker?.Properties.Code);
  expect(after.Receiver).toEqual(before.Receiver);
});

test('a type that moves changes the routes of the receiver, and not its code', () => {
  const [before, after] = [
    functionsOf(tableOf('same')),
    functionsOf(tableOf('same', { 'call.failed': 'calls' })),
  ];
  const routesOf = (functions: typeof before) => String(environmentOf(functions.Receiver?.Properties).ROUTES);
  expect(routesOf(before)).toContain('call.failed');
  expect(routesOf(after)).toContain(';calls=call.failed');
  expect(after.Receiver?.Properties.Code).toEqual(before.Receiver?.Properties.Code);
  expect(Object.keys(after).sort()).toEqual(['CallsWorker', 'InboundWorker', 'Pauses', 'Receiver']);
});

test('the same handlers in another folder are the same code', () => {
  const [one, other] = [functionsOf(tableOf('same')), functionsOf(tableOf('same'))];
  expect(other.Receiver).toEqual(one.Receiver);
  expect(other.InboundWorker).toEqual(one.InboundWorker);
});

test('the receiver is deployed after the workers, whose old code may not handle what it sends', () => {
  const stack = new WebhookStack(new App(), 'Test', {
    handlers: tableOf('same', { 'call.failed': 'calls' }),
    settings: { gradualDeployment: true },
  });
  const all = Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const [, receiver] = all.find(([id]) => id.startsWith('ReceiverFunction')) ?? [];
  const aliases = Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Alias')).filter((id) =>
    id.includes('Worker'),
  );
  expect(aliases).toHaveLength(2);
  expect(receiver?.DependsOn).toEqual(
    expect.arrayContaining([expect.stringMatching(/^InboundWorkerFunction/), ...aliases]),
  );
});
