import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBuild } from './build.ts';
import { startExpressSystem } from './express-system.ts';
import { buildFunctions, type Functions } from './functions.ts';
import { startLocalSystem } from './local-system.ts';
import { Loopback } from './loopback.ts';
import { durationsOf, measureMemory } from './memory.ts';
import { measureCold, measureVerification, measureWarm } from './receiver.ts';
import { type Results, sectionsOf } from './report.ts';
import { missing } from './requirements.ts';
import { measureScale } from './scale/scale.ts';
import { measureBurst, measureLatency, measureSurvival, measureThroughput, type System } from './system.ts';
import { secret } from './webhook.ts';
import { measureWorker } from './worker.ts';

/** What `npm run bench` can measure, in the report's order. */
const parts = ['cold', 'warm', 'worker', 'memory', 'stack', 'scale', 'express', 'build'] as const;
type Part = (typeof parts)[number];

const effort = { rounds: 21, warmUp: 3, block: 200 };
/** What AWS's services take to answer, about, in milliseconds. */
const serviceMs = 6;

const usage = `npm run bench -- [--only <parts>]

  --only <parts>  some of ${parts.join(', ')}, with commas between them: prints them, and writes no file

It takes half an hour on a machine that does nothing else.`;
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
const workspace = mkdtempSync(join(tmpdir(), 'zavu-bench-'));
try {
  const results = await measure();
  const body = `${head()}\n\n${sectionsOf(results)}\n`;
  const { durations } = results;
  if (values.only) {
    console.log(body);
  } else {
    write('results.md', body);
    write('results.json', `${JSON.stringify({ durations }, null, 2)}\n`);
  }
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

function write(name: string, text: string): void {
  writeFileSync(join(import.meta.dirname, name), text);
  console.log(`Written: bench/${name}`);
}

async function measure(): Promise<Results> {
  const results: Results = {};
  if ((['cold', 'warm', 'worker', 'build'] as const).some((part) => chosen.includes(part))) {
    await withFunctions(0, async (functions, loopback) => {
      if (begins('cold')) results.cold = await measureCold(functions, effort, workspace);
      if (begins('warm')) {
        const requests = await measureWarm(functions, effort);
        results.warm = { requests, verification: await measureVerification(effort) };
      }
      if (begins('worker')) results.worker = await measureWorker(functions, loopback, effort);
      if (begins('build')) {
        const { receiver, worker, plain } = functions;
        results.build = await measureBuild({ receiver, worker, 'plain receiver': plain }, 5, workspace);
      }
    });
  }
  if (begins('memory')) {
    await withFunctions(serviceMs, async (functions) => {
      results.memory = await measureMemory(functions, { rounds: 15, warmUp: 2 }, workspace);
      results.durations = durationsOf(results.memory, functions);
    });
  }
  if (begins('stack')) {
    results.stack = await withSystem(startLocalSystem(), async (system) => ({
      throughput: await measureThroughput(system, 4_000, 16),
      latency: await measureLatency(system, 50, 20),
      burst: await measureBurst(system, 10_000),
    }));
  }
  if (begins('scale')) {
    await withFunctions(0, async (functions, loopback) => {
      results.scale = await measureScale(functions, loopback, workspace);
    });
  }
  if (begins('express')) results.express = await measureExpress();
  return results;
}

async function measureExpress(): Promise<NonNullable<Results['express']>> {
  const all = async (system: System, name: string) => {
    await measureThroughput(system, 1_000, 16);
    return {
      name,
      throughput: await measureThroughput(system, 4_000, 16),
      latency: await measureLatency(system, 50, 20),
      survival: await measureSurvival(system, 6),
    };
  };
  const directory = () => mkdtempSync(join(workspace, 'redis-'));
  return [
    await withSystem(startLocalSystem(), (system) => all(system, 'this stack, functions killed')),
    await withSystem(startExpressSystem(directory(), 'process'), (system) =>
      all(system, 'Express and BullMQ, process killed'),
    ),
    await withSystem(startExpressSystem(directory(), 'machine'), async (system) => ({
      name: 'the same, Redis killed with it',
      survival: await measureSurvival(system, 6),
    })),
  ];
}

async function withFunctions(
  delayMs: number,
  use: (functions: Functions, loopback: Loopback) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(workspace, 'functions-'));
  const loopback = await Loopback.start(secret, directory, delayMs);
  try {
    await use(await buildFunctions(directory, loopback), loopback);
  } finally {
    loopback.stop();
  }
}

async function withSystem<Result>(
  starting: Promise<System>,
  use: (system: System) => Promise<Result>,
): Promise<Result> {
  const system = await starting;
  try {
    return await use(system);
  } finally {
    await system.stop();
  }
}

function head(): string {
  const date = new Date().toISOString().slice(0, 10);
  return [
    '# Results',
    `\`npm run bench${values.only ? ` -- --only ${values.only}` : ''}\` on ${date}: Node ${process.versions.node}, ${arch()}, ` +
      `${availableParallelism()} processors. Values are medians, with the range of the middle half. Ratios are taken ` +
      'round by round, with what is compared one after the other in each: they say more than the milliseconds, which are ' +
      'those of a shared machine.',
  ].join('\n\n');
}
