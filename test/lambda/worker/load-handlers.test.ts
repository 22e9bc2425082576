import { defineHandlers } from '../../../lambda/handlers/define-handlers.ts';
import { loadHandlers } from '../../../lambda/worker/load-handlers.ts';
import { handlers } from '../../support/handlers.ts';

const { entries } = handlers;
const handler = async () => undefined;
const others = () => Promise.reject(new Error("Another worker's module was loaded."));

test("a worker's modules are loaded, and no others", async () => {
  const table = defineHandlers('/app/two-workers.ts', {
    ...entries,
    'message.read': { worker: 'other', load: others },
    'call.failed': { worker: 'calls', load: async () => ({ handler }) },
  });
  expect(await loadHandlers(table, 'calls')).toEqual({ 'call.failed': handler });
});

test('a draining worker has none', async () => {
  const table = defineHandlers('/app/draining-worker.ts', entries, { draining: ['formerly'] });
  expect(await loadHandlers(table, 'formerly')).toEqual({});
});

test.each([
  ['nothing', {}],
  ['no function', { handler: 'handle' }],
  ['nothing as CommonJS', { default: {} }],
  ['a default that is none', { default: undefined }],
])('a module that exports %s is refused with its type', async (_, module) => {
  const load = async () => module as { handler: typeof handler };
  const table = defineHandlers('/app/no-handler.ts', {
    ...entries,
    'call.failed': { worker: 'calls', load },
  });
  await expect(loadHandlers(table, 'calls')).rejects.toThrow('The module of call.failed exports no handler');
});

test('a worker that the table does not have is refused, so that its events wait', async () => {
  await expect(loadHandlers(handlers, 'gone')).rejects.toThrow('The table of handlers has no gone worker.');
});
