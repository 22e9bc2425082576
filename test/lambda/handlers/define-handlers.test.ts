import { pathToFileURL } from 'node:url';
import { countTablesOf, defineHandlers, unrouted } from '../../../lambda/handlers/define-handlers.ts';
import { catalogue } from '../../../lambda/zavu/catalogue.ts';
import { handlers } from '../../support/handlers.ts';

const { entries: all } = handlers;

const load = () => Promise.reject(new Error('No handler is loaded before its worker starts.'));

test('a table says its file, its workers in the order in which they are named, and what each of them handles', () => {
  const { file, workers, routes, entries } = defineHandlers('/app/handlers.ts', {
    ...all,
    'call.failed': { worker: 'calls', load },
    'message.queued': { worker: 'calls', load },
  });
  expect(file).toBe('/app/handlers.ts');
  expect(workers).toEqual(routes.workers);
  expect([...workers].sort()).toEqual(['account', 'calls', 'delivery', 'inbound', 'templates']);
  expect(routes.typesOf('calls')).toEqual(['message.queued', 'call.failed']);
  expect(routes.workerFor('call.failed')).toBe('calls');
  expect(entries['call.failed']).toEqual({ worker: 'calls', load });
  expect([...routes.types].sort()).toEqual(Object.keys(catalogue).sort());
});

test('a file is told by its path or by its URL', () => {
  const path = process.platform === 'win32' ? 'C:\\my app\\a#b.ts' : '/my app/a#b.ts';
  expect(defineHandlers(pathToFileURL(path).href, all).file).toBe(path);
  expect(defineHandlers(path, all).file).toBe(path);
});

test('an unrouted type has no worker, and a worker whose types are all unrouted is none', () => {
  const { routes, workers, entries } = defineHandlers('/app/unrouted.ts', {
    ...all,
    'template.approved': unrouted,
    'template.rejected': unrouted,
    'template.status_changed': unrouted,
  });
  expect(workers).toEqual(['inbound', 'delivery', 'account']);
  expect(routes.workerFor('template.approved')).toBeUndefined();
  expect(routes.toString()).not.toContain('template.');
  expect(routes.toString()).not.toContain('unrouted');
  expect(entries['template.approved']).toBe(unrouted);
});

test('a draining worker is there and gets nothing, unless a type is still routed to it', () => {
  const { routes, workers } = defineHandlers('/app/draining.ts', all, {
    draining: ['formerly', 'inbound'],
  });
  expect(workers).toEqual(['inbound', 'delivery', 'templates', 'account', 'formerly']);
  expect(routes.typesOf('formerly')).toEqual([]);
  expect(routes.receivingWorkers).toEqual(['inbound', 'delivery', 'templates', 'account']);
  expect(routes.toString()).toMatch(/;formerly=$/);
});

test('the tables of a file are counted', () => {
  expect(countTablesOf('/app/twice.ts')).toBe(0);
  defineHandlers('/app/twice.ts', all);
  expect(countTablesOf('/app/twice.ts')).toBe(1);
  defineHandlers(pathToFileURL('/app/twice.ts').href, all);
  expect(countTablesOf(process.platform === 'win32' ? 'C:\\app\\twice.ts' : '/app/twice.ts')).toBe(2);
});
