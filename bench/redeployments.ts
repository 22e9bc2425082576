import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StartProcess } from '../testing/start-process.ts';
import { spreadOf } from './statistics.ts';

/**
 * How long it takes from a save to the line that says that it is live, in the local run of an app:
 * `node bench/redeployments.ts <folder of the app> <a handler> <a file of the app>`. Each file is saved again and again,
 * and is what it was at the end. The numbers stand in docs/decisions/0031-quick-dev.md.
 */
const saves = 10;
const [folder = '.', ...files] = process.argv.slice(2);

let expected = 0;
const command = 'bin/zavu-webhooks.mjs';
const installed = join('node_modules/zavu-webhooks', command);
const run = new StartProcess({
  node: process.execPath,
  entry: existsSync(join(folder, installed)) ? installed : command,
  options: ['dev', '--json', '--port=0'],
  env: {},
  directory: folder,
});
await run.ready(() => undefined);

/** Waits until it has deployed once more. */
async function untilDeployed(): Promise<void> {
  expected += 1;
  while (run.redeployments < expected) {
    if (!run.isRunning) throw new Error(run.lastErrors);
    await wait(5);
  }
}

try {
  for (const name of files) {
    const file = join(folder, name);
    const before = readFileSync(file, 'utf8');
    const seconds: number[] = [];
    try {
      for (let save = 1; save <= saves; save++) {
        // The types of the save before are checked by now.
        await wait(5_000);
        const begun = performance.now();
        writeFileSync(file, `${before}\nglobalThis.name = '${save}';\n`);
        await untilDeployed();
        seconds.push((performance.now() - begun) / 1000);
      }
    } finally {
      writeFileSync(file, before);
    }
    await untilDeployed();
    const { median } = spreadOf(seconds);
    const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map((each) => each.toFixed(2));
    console.log(`${name}: ${median.toFixed(2)} s (${least} to ${most}, ${saves} saves)`);
  }
  console.log(`Load of the last minute: ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await run.stop();
}
