import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { killGroup, ownGroup } from '../../../local/app/process-group.ts';
import { eventually } from '../../support/eventually.ts';

const path = process.env.PATH;
const folder = mkdtempSync(join(tmpdir(), 'zavu group '));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.env.PATH = path;
});

test('what a process has started ends with it', async () => {
  const script = `console.log(require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']).pid); setInterval(() => {}, 1e6)`;
  const parent = spawn(process.execPath, ['-e', script], {
    ...ownGroup,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(parent.stdout, 'data');
  killGroup(parent);
  await once(parent, 'exit');
  await eventually(
    () => !isAlive(Number(line)),
    () => `the end of process ${line}`,
  );
});

if (process.platform !== 'win32') {
  test('report 2: on Windows, taskkill ends the tree of the process', async () => {
    const told = join(folder, 'told');
    writeFileSync(
      join(folder, 'taskkill'),
      `#!/bin/sh\necho "$@" > '${told}.new' && mv '${told}.new' '${told}'\n`,
      {
        mode: 0o755,
      },
    );
    process.env.PATH = [folder, path].join(delimiter);
    killGroup({ pid: 4711 }, 'win32');
    await eventually(
      () => read(told) === '/pid 4711 /t /f\n',
      () => 'a call of taskkill',
    );
  });

  test('report 2: without taskkill it is no error', async () => {
    process.env.PATH = join(folder, 'empty');
    const thrown = jest.fn();
    process.once('uncaughtException', thrown);
    killGroup({ pid: 4711 }, 'win32');
    // It is found missing in the next turns of the loop.
    await wait(100);
    process.off('uncaughtException', thrown);
    expect(thrown).not.toHaveBeenCalled();
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
