import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertStarts } from '../../../../local/runtime/functions/start-check.ts';

let directory: string;
beforeAll(() => {
  // Each of these means something in a URL, or in a pattern.
  directory = join(mkdtempSync(join(tmpdir(), 'zavu-start-')), 'a #b ?c %20d [e]');
  mkdirSync(directory);
});
afterAll(() => {
  rmSync(join(directory, '..'), { recursive: true });
});

function functionOf(code: string) {
  const module = join(directory, 'index.mjs');
  writeFileSync(module, code);
  return {
    name: 'Function',
    module,
    exported: 'handler',
    role: 'arn:aws:iam::000000000000:role/Role',
    traced: false,
    logGroup: 'Function',
    logging: { format: 'Text' as const },
    environment: { NAME: 'value' },
    memoryMb: 128,
    timeoutSeconds: 3,
  };
}

test('a function starts from a directory whose name would mean something else in a URL', async () => {
  await assertStarts(functionOf('export const handler = async () => undefined;'));
});

test('it has its variables, and no service to use or to wait for', async () => {
  const code = `
    if (process.env.NAME !== 'value') throw new Error('no variables');
    await fetch(process.env.AWS_ENDPOINT_URL).then(() => { throw new Error('a service answered'); }, () => undefined);
    export const handler = async () => undefined;`;
  await assertStarts(functionOf(code));
});

test('a function that does not start is named, with its reason', async () => {
  await expect(assertStarts(functionOf("throw new Error('no such thing');"))).rejects.toThrow(
    'No function starts on this machine. Function: Error: no such thing.',
  );
});
