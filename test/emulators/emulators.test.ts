import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../support/eventually.ts';
import type { Endpoints } from './emulators.ts';

const start = `
  const { Emulators } = await import(${JSON.stringify(join(import.meta.dirname, 'emulators.ts'))});
  console.log(JSON.stringify((await Emulators.start()).endpoints));
`;

test('the emulators end with the process that started them, even where that is killed', async () => {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', start], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(starter.stdout), 'line');
  const endpoints: Endpoints = JSON.parse(String(line));
  for (const endpoint of Object.values(endpoints)) {
    expect(new URL(endpoint).hostname).toBe('127.0.0.1');
    expect(await answers(endpoint)).toBe(true);
  }
  starter.kill('SIGKILL');
  await eventually(
    async () => !(await answers(endpoints.sqs)) && !(await answers(endpoints.dynamodb)),
    () => 'the end of the emulators',
  );
});

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { method: 'POST', signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}
