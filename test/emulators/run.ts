import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { librariesDirectory } from './libraries.ts';

/** DynamoDB Local 2 runs on 17 and newer: its README, and the class files themselves. */
const oldestJava = 17;

/**
 * Those about what queues and tables do. Starting, other apps, secrets, alarms and the checks from outside are not. Roles,
 * aliases, the age of what is signed and a new envelope are not, either: the local run and the functions decide there. The bus,
 * the archive, Lambda's concurrency, faults on the wire and Zavu's API are the same in both runs.
 */
const all = [
  'test/e2e',
  'test/emulators',
  'test/lambda/messages',
  `--testPathIgnorePatterns=test/e2e/(${[
    ...['senders', 'start', 'other-app', 'alarms', 'canary', 'smoke'],
    ...['permissions', 'deployment', 'replay', 'changed-envelope'],
    ...['fan-out', 'throttling', 'reconcile', 'archive', 'faults', 'soak'],
    // They wait for a minute and more, and what they ask of a queue others ask, too: pipeline, dead-letters/interruption.
    ...['attempts', 'dead-letters/verbs'],
  ].join('|')})`,
];

const reporting = [
  '--reporters=./test/support/reporter.ts',
  '--json',
  '--outputFile=test-results-second-emulators.json',
];

/**
 * Runs the end-to-end tests against AWS's DynamoDB Local and ElasticMQ, which it fetches once through Maven.
 *
 * Arguments choose tests, as jest's do.
 */
function main(): void {
  assertJdk();
  if (!existsSync(librariesDirectory)) fetchLibraries();
  const tests = process.argv.length > 2 ? process.argv.slice(2) : all;
  const { status } = spawnSync('jest', [...reporting, ...tests], {
    stdio: 'inherit',
    env: { ...process.env, EMULATORS: 'aws' },
  });
  process.exitCode = status ?? 1;
}

/** The launcher is compiled as it starts, so a JRE is not enough. */
function assertJdk(): void {
  const version = output('javac', '-version')?.match(/javac (\d+)/)?.[1];
  if (Number(version) >= oldestJava) return;
  throw new Error(
    `These tests need a JDK, ${oldestJava} or newer; ${version ? `this one is ${version}` : 'there is no javac'}. ` +
      'Install one: `apt-get install openjdk-17-jdk-headless`, or `brew install openjdk`.',
  );
}

/** Whole or not at all: what a cut-off fetch leaves is never used. */
function fetchLibraries(): void {
  if (!output('mvn', '--version')) {
    throw new Error(
      'These tests fetch their emulators with Maven. Install it: `apt-get install maven`, or `brew install maven`.',
    );
  }
  mkdirSync(dirname(librariesDirectory), { recursive: true });
  const directory = mkdtempSync(`${librariesDirectory}-`);
  const pom = join(import.meta.dirname, 'pom.xml');
  console.log('Fetching DynamoDB Local and ElasticMQ, about 90 MB.');
  execFileSync(
    'mvn',
    ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${directory}`],
    { stdio: 'inherit' },
  );
  renameSync(directory, librariesDirectory);
}

function output(command: string, ...options: string[]): string | undefined {
  try {
    return execFileSync(command, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch {
    return undefined;
  }
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
