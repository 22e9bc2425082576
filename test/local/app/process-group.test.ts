import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { killGroup, ownGroup } from '../../../local/app/process-group.ts';
import { eventually } from '../../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'zavu group '));
afterAll(() => rmSync(folder, { recursive: true }));

const forever = 'setInterval(() => {}, 1e6)';

test('what a process has started ends with it', async () => {
  const script = `console.log(require('node:child_process').spawn(process.execPath, ['-e', '${forever}']).pid); ${forever}`;
  const parent = spawn(process.execPath, ['-e', script], {
    ...ownGroup,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(parent, 'exit');
  const [line] = await once(parent.stdout, 'data');
  killGroup(parent);
  await exited;
  await eventually(
    () => !isAlive(Number(line)),
    () => `the end of process ${line}`,
  );
});

if (process.platform !== 'win32') {
  /** Ends a process as on Windows, in a process whose commands are those of the folder alone. */
  const killOnWindows = () => {
    const source = pathToFileURL(join(import.meta.dirname, '../../../local/app/process-group.ts')).href;
    const script = `import { killGroup } from '${source}'; killGroup({ pid: 4711 }, 'win32');`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: folder },
      encoding: 'utf8',
    });
    return { status, stderr };
  };

  test('report 2: without taskkill it is no error', () => {
    expect(killOnWindows()).toEqual({ status: 0, stderr: '' });
  });

  test('report 2: on Windows, taskkill ends the tree of the process', () => {
    const told = join(folder, 'told');
    writeFileSync(join(folder, 'taskkill'), `#!/bin/sh\necho "$@" > '${told}'\n`, { mode: 0o755 });
    expect(killOnWindows()).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(told, 'utf8')).toBe('/pid 4711 /t /f\n');
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
