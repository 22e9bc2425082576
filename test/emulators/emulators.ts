import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { librariesDirectory } from './libraries.ts';

export interface Endpoints {
  sqs: string;
  dynamodb: string;
}

/**
 * SQS and DynamoDB in a process of their own, which ends with the one that started it: those of the local run
 * (`npm.ts`), or AWS's DynamoDB Local and ElasticMQ (`Emulators.java`) if $EMULATORS is `aws`.
 */
export class Emulators {
  readonly endpoints: Endpoints;
  readonly #process: ChildProcess;

  private constructor(endpoints: Endpoints, process: ChildProcess) {
    this.endpoints = endpoints;
    this.#process = process;
  }

  /** Whether the tests run against the second implementations. */
  static get areSecond(): boolean {
    return process.env.EMULATORS === 'aws';
  }

  static async start(): Promise<Emulators> {
    const [command, ...options] = Emulators.areSecond ? java() : npm();
    const child = spawn(command, options, { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), failure(child)]);
    return new Emulators(JSON.parse(String(line)), child);
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await exited;
  }
}

function npm(): [string, ...string[]] {
  return [process.execPath, join(import.meta.dirname, 'npm.ts')];
}

function java(): [string, ...string[]] {
  return [
    'java',
    // Quick to start, rather than quick in the end.
    '-XX:TieredStopAtLevel=1',
    '-Xmx256m',
    `-Dsqlite4java.library.path=${librariesDirectory}`,
    '-cp',
    join(librariesDirectory, '*'),
    join(import.meta.dirname, 'Emulators.java'),
  ];
}

async function failure(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`The emulators ended with ${code} before they answered.`);
}
