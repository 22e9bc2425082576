import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Subject } from './functions.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';

const momentSchema = z.object({ wallMs: z.number(), cpuMs: z.number() });
const reportSchema = z.object({
  boot: momentSchema,
  init: momentSchema,
  answer: momentSchema,
  result: z.unknown(),
});

/** What a cold start took, in milliseconds of processor time and by the clock. */
export interface ColdStart {
  /** From the process's start to the answer. */
  cpuMs: number;
  wallMs: number;
  /** Node's own start, which no function can change. */
  bootCpuMs: number;
  initCpuMs: number;
  firstCpuMs: number;
  /** By the clock: all until the function can be called, and the two parts that are its own. */
  startWallMs: number;
  initWallMs: number;
  firstWallMs: number;
}

/** What the cold starts of a function took, against those of what it is measured against. */
export interface ColdResult {
  /** Milliseconds of processor time until the first answer, and its parts; and by the clock. */
  cpuMs: Spread;
  bootCpuMs: Spread;
  initCpuMs: Spread;
  firstCpuMs: Spread;
  wallMs: Spread;
  cpuOfFloor: Spread;
}

/** Sums up cold starts, and those of the floor that were taken in the same rounds. */
export function coldResultOf(starts: readonly ColdStart[], floors: readonly ColdStart[]): ColdResult {
  const of = (part: keyof ColdStart) => spreadOf(starts.map((each) => each[part]));
  return {
    cpuMs: of('cpuMs'),
    bootCpuMs: of('bootCpuMs'),
    initCpuMs: of('initCpuMs'),
    firstCpuMs: of('firstCpuMs'),
    wallMs: of('wallMs'),
    cpuOfFloor: cpuRatioOf(starts, floors),
  };
}

/** The processor time of cold starts as a multiple of that of others, round by round. */
export function cpuRatioOf(starts: readonly ColdStart[], others: readonly ColdStart[]): Spread {
  const cpuOf = (taken: readonly ColdStart[]) => taken.map(({ cpuMs }) => cpuMs);
  return ratioOf(cpuOf(starts), cpuOf(others));
}

/**
 * Starts a function in a new process and invokes it once.
 *
 * @param workspace directory for a file with the event
 * @throws Error if it does not answer as it should
 */
export async function startCold(
  { module, environment }: Subject,
  event: object,
  workspace: string,
  isAnswer: (result: unknown) => boolean,
): Promise<ColdStart> {
  const file = join(workspace, 'event.json');
  writeFileSync(file, JSON.stringify(event));
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'cold-process.mjs'), module, 'handler', file],
    { env: environment, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const [printed, report] = await Promise.all([
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
  ]);
  if (child.exitCode === null) await once(child, 'exit');
  if (!report) throw new Error(`${module} does not start: ${printed}`);
  const { boot, init, answer, result } = reportSchema.parse(JSON.parse(report));
  if (!isAnswer(result)) throw new Error(`${module} answers ${JSON.stringify(result)}: ${printed}`);
  return {
    cpuMs: answer.cpuMs,
    wallMs: answer.wallMs,
    bootCpuMs: boot.cpuMs,
    initCpuMs: init.cpuMs - boot.cpuMs,
    firstCpuMs: answer.cpuMs - init.cpuMs,
    startWallMs: init.wallMs,
    initWallMs: init.wallMs - boot.wallMs,
    firstWallMs: answer.wallMs - init.wallMs,
  };
}
