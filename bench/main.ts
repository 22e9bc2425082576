import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAllocations } from './allocations.ts';
import { measureColdWorker } from './cold-worker.ts';
import { buildFunctions, type Functions } from './functions.ts';
import { Loopback } from './loopback.ts';
import { durationsOf, measureMemory } from './memory.ts';
import { measureCold, measureVerification, measureWarm } from './receiver.ts';
import { type Part, parts, type Results, reportOf, sectionOf } from './report.ts';
import { missing } from './requirements.ts';
import { measureScale } from './scale/scale.ts';
import { measureBills, measureSystems } from './side-by-side.ts';
import { Store } from './store.ts';
import { secret } from './webhook.ts';
import { measureWorker } from './worker.ts';

const effort = { rounds: 21, warmUp: 3, block: 200 };
/** What AWS's services take to answer, about, in milliseconds. */
const serviceMs = 6;

const usage = `npm run bench -- [--only <parts>]

  --only <parts>  some of ${parts.join(', ')}, with commas between them

It writes what it measures into bench/results.json and bench/results.md, where the results of other parts stay, and
prints it. All parts take twenty-five minutes on a machine that does nothing else.`;
const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(usage);
  process.exit();
}
const chosen = values.only?.split(',') ?? parts;
const unknown = chosen.filter((name) => !parts.some((part) => part === name));
const problems =
  unknown.length > 0
    ? [`There is no part ${unknown.join(', ')}. There are: ${parts.join(', ')}.`]
    : missing(chosen);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
/** Whether a part is chosen, and says that it begins. */
function begins(part: Part): boolean {
  const isChosen = chosen.includes(part);
  if (isChosen) console.error(`Measuring: ${part}`);
  return isChosen;
}

// A package of its own: `npm ci` of the project does not install what it is measured against.
if (!existsSync(join(import.meta.dirname, 'node_modules'))) {
  execFileSync('npm', ['ci', '--prefix', import.meta.dirname], { stdio: 'inherit' });
}
const store = new Store(import.meta.dirname);
const workspace = mkdtempSync(join(tmpdir(), 'zavu-bench-'));
try {
  await measure();
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
writeFileSync(join(import.meta.dirname, 'results.md'), reportOf(store.measurements));
console.log('Written: bench/results.json, bench/results.md');

/** Keeps what a part measured, and prints it. */
function keep<Name extends Part>(part: Name, result: Results[Name]): void {
  const on = new Date().toISOString().slice(0, 10);
  const by = `Node ${process.versions.node}, ${arch()}, ${availableParallelism()} processors`;
  store.keep(part, { on, by, result });
  console.log(`${sectionOf(part, store.measurements).join('\n\n')}\n`);
}

async function measure(): Promise<void> {
  if (
    (['cold', 'cold-worker', 'warm', 'worker', 'allocations'] as const).some((part) => chosen.includes(part))
  ) {
    await withFunctions(0, async (functions, loopback) => {
      if (begins('cold')) keep('cold', await measureCold(functions, effort, workspace));
      if (begins('cold-worker')) keep('cold-worker', await measureColdWorker(functions, effort, workspace));
      if (begins('warm')) {
        const requests = await measureWarm(functions, effort);
        keep('warm', { requests, verification: await measureVerification(effort) });
      }
      if (begins('worker')) keep('worker', await measureWorker(functions, loopback, effort));
      if (begins('allocations')) keep('allocations', await measureAllocations(functions));
    });
  }
  if (begins('memory')) {
    await withFunctions(serviceMs, async (functions) => {
      const results = await measureMemory(functions, { rounds: 15, warmUp: 2 }, workspace);
      store.keepDurations(durationsOf(results, functions));
      keep('memory', results);
    });
  }
  if (begins('alternatives')) {
    const { systems, logBytes } = await measureSystems(workspace);
    await withFunctions(serviceMs, async (functions, loopback) => {
      keep('alternatives', { systems, ...(await measureBills(functions, loopback, logBytes, workspace)) });
    });
  }
  if (begins('scale')) {
    await withFunctions(0, async (functions, loopback) => {
      keep('scale', await measureScale(functions, loopback, workspace));
    });
  }
}

async function withFunctions(
  delayMs: number,
  use: (functions: Functions, loopback: Loopback) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(workspace, 'functions-'));
  const loopback = await Loopback.start(secret, delayMs);
  try {
    await use(await buildFunctions(directory, loopback), loopback);
  } finally {
    loopback.stop();
  }
}
