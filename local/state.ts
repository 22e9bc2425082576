import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Credentials } from './credentials.ts';
import { replaceFile } from './replace-file.ts';

/** The services that commands call, by their names among the local run's endpoints. */
export type LocalService =
  | 'sqs'
  | 'dynamodb'
  | 'secretsManager'
  | 'eventBridge'
  | 'firehose'
  | 'cloudWatch'
  | 'logs'
  | 'sns'
  | 'lambda';

/** What the local run writes down for commands. */
export interface LocalState {
  /** The process of the local run. */
  pid: number;
  /** The port that its HTTP API answers at. */
  port: string;
  url: string;
  secret: string;
  /** Those by which commands call its services. */
  credentials: Credentials;
  outputs: Record<string, string>;
  endpoints: Record<LocalService, string>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
}

/** $ZAVU_LOCAL_STATE names one file. Without it, each local run has its own in the folder where it was started. */
function named(): string | undefined {
  return process.env.ZAVU_LOCAL_STATE || undefined;
}

/** The state file of this process. */
export function stateFile(): string {
  return named() ?? join(process.cwd(), `.zavu-local.${process.pid}.json`);
}

/**
 * Writes the state file of this process, which nobody else may read. It is a new file each time: so neither the mode of
 * one that was there counts, nor a link that stood in its place. Files that runs left when they were killed are removed.
 */
export function writeState(state: Omit<LocalState, 'pid'>): void {
  const file = stateFile();
  const beside = join(dirname(file), `.zavu-local.new-${randomBytes(8).toString('hex')}.json`);
  try {
    writeFileSync(beside, JSON.stringify({ pid: process.pid, ...state }), { flag: 'wx', mode: 0o600 });
    replaceFile(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  for (const each of named() ? [] : filesHere()) {
    if (!isAlive(pidOf(each))) rmSync(each, { force: true });
  }
}

/**
 * What a local run has written down, or undefined if none runs.
 *
 * @param port its port, if several run
 * @throws Error with their ports, if several run and none is chosen
 */
export function readState(port?: string): LocalState | undefined {
  const states = readStates().filter((state) => port === undefined || state.port === port);
  if (states.length > 1) {
    const all = states.map((state) => `${state.port} (process ${state.pid})`).join(', ');
    throw new Error(
      `Several local runs were started in this folder. Choose one with --port: ${all}. ` +
        'Or name the state file of one in $ZAVU_LOCAL_STATE.',
    );
  }
  return states[0];
}

/** What all local runs have written down that commands find here. One that is no more does not count. */
export function readStates(): LocalState[] {
  const file = named();
  const files = file ? [file] : filesHere();
  return files.flatMap((each) => readIfThere(each) ?? []).filter(({ pid }) => isAlive(pid));
}

/** A run removes its file when it ends, also between the moment at which it was listed and this one. */
function readIfThere(file: string): LocalState | undefined {
  try {
    return readStateFile(file);
  } catch (error) {
    if (Object(error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Reads a state file of a name. */
export function readStateFile(file: string): LocalState {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Removes the state file of this process, unless another local run has written its own in its place. */
export function removeState(): void {
  const file = stateFile();
  if (existsSync(file) && readStateFile(file).pid === process.pid) rmSync(file);
}

const fileName = /^\.zavu-local\.(\d+)\.json$/;

function filesHere(): string[] {
  return readdirSync(process.cwd())
    .filter((name) => fileName.test(name))
    .map((name) => join(process.cwd(), name));
}

function pidOf(file: string): number {
  return Number(basename(file).match(fileName)?.[1]);
}

/** Whether a process runs: signal 0 asks for it and does nothing. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user is there, too.
    return Object(error).code === 'EPERM';
  }
}
