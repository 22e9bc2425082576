import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type LocalService, localCredentials } from '../../local/state.ts';
import type { LedgerLine } from '../e2e/scripted-handlers.ts';
import { Emulators } from '../emulators/emulators.ts';
import { childrenOf, killAtOnce } from './child-processes.ts';
import { eventually } from './eventually.ts';
import { LogSearch } from './log-search.ts';
import { outcomes, tailOf } from './outcomes.ts';
import { Queues } from './queues.ts';
import { quickSettings } from './test-timing.ts';

const root = join(import.meta.dirname, '../..');

/** A line of `npm start -- --json`. */
export interface ReportLine {
  event: string;
  timestamp?: string;
  id?: string;
  type?: string;
  detail?: string;
  worker?: string;
  reason?: string;
  error?: string;
  attempt?: number;
  status?: number;
  ms?: number;
  function?: string;
  line?: string;
  pid?: number;
  /** What a function's process holds. */
  usedMb?: number;
  /** Of an alarm, as local/aws/cloudwatch/alarm-event.ts has them. */
  name?: string;
  state?: string;
  delivered?: boolean | 'unknown';
  readers?: readonly string[];
}

/** What a policy allows, as `npm start -- --json` reports it. */
export interface Grant {
  principal: string;
  action: string;
  resource: string;
}

interface Ready {
  url: string;
  secret: string;
  endpoints: Record<LocalService, string>;
  archive: string;
  queues: Record<string, string>;
  outputs: Record<string, string>;
  grants: Grant[];
}

export type Effect = Omit<Extract<LedgerLine, { id: string }>, 'invocation'>;

export interface StartedStackOptions {
  /** The CDK app; the end-to-end tests' own by default. */
  app?: string;
  /** A copy of this project that it runs from, rather than this one. */
  directory?: string;
  env?: Record<string, string>;
  /** Settings beside the quick ones. */
  settings?: Record<string, string>;
  /**
   * How soon a message comes back whose function died: rather than after the template's six times the workers' time-out.
   *
   * @default twice that time: as much to start as to run
   */
  hiddenSeconds?: number;
  /** Options of `npm start`, such as `--concurrency=1`. */
  options?: readonly string[];
}

/** `npm start`, driven as a script would drive it: by its JSON lines, over HTTP. */
export class StartedStack {
  readonly reports: ReportLine[] = [];
  /** What Lambda wrote about functions, and API Gateway about requests. */
  readonly awsLines: ReportLine[] = [];
  /** What was allowed so far, each once. */
  readonly granted: Grant[] = [];
  readonly #search = new LogSearch();
  ready!: Ready;
  queues!: Queues;
  readonly #directory = mkdtempSync(join(tmpdir(), 'zavu-e2e-'));
  /** What tools find the stack by, as $ZAVU_LOCAL_STATE. */
  readonly stateFile = join(this.#directory, 'state.json');
  readonly #ledger = join(this.#directory, 'ledger');
  readonly #process: ChildProcess;
  readonly #emulators: Emulators | undefined;
  #stderr = '';

  private constructor(options: StartedStackOptions, emulators: Emulators | undefined) {
    this.#emulators = emulators;
    const settings = Object.entries({ ...quickSettings, ...options.settings, ledger: this.#ledger });
    this.#process = spawn(
      process.execPath,
      [
        'local/start.ts',
        '--json',
        '--port=0',
        `--app=${options.app ?? 'test/e2e/app.ts'}`,
        ...(options.options ?? []),
        ...settings.map(([name, value]) => `-c${name}=${value}`),
      ],
      {
        cwd: options.directory ?? root,
        env: {
          ...process.env,
          ...endpointVariables(emulators),
          ZAVU_LOCAL_STATE: this.stateFile,
          ...options.env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
  }

  static async start(options: StartedStackOptions = {}): Promise<StartedStack> {
    // Of its own, because the names of queues and tables are the same in every stack.
    const elsewhere = Emulators.areSecond && !options.env?.SQS_ENDPOINT;
    const stack = new StartedStack(options, elsewhere ? await Emulators.start() : undefined);
    try {
      stack.ready = await stack.#becomeReady();
      stack.queues = new Queues(stack.ready);
      const { workerTimeoutSeconds } = { ...quickSettings, ...options.settings };
      await stack.queues.hideFor(options.hiddenSeconds ?? 2 * Number(workerTimeoutSeconds));
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  #becomeReady(): Promise<Ready> {
    return new Promise((resolve, reject) => {
      this.#process.once('exit', (code) =>
        reject(new Error(`npm start ended with ${code}: ${tailOf(this.#stderr)}`)),
      );
      const { stdout } = this.#process;
      if (!stdout) throw new Error('No standard output.');
      createInterface({ input: stdout }).on('line', (line) => {
        const report: ReportLine & Ready & Grant = JSON.parse(line);
        if (report.event === 'ready') resolve(report);
        else if (report.event === 'granted') this.granted.push(report);
        else if (report.event === 'denied') this.#search.takeDenial(String(report.reason));
        else {
          const isByAws = ['platform', 'access', 'firehose'].includes(report.event);
          (isByAws ? this.awsLines : this.reports).push(report);
          this.#search.takeLine(line);
        }
      });
    });
  }

  /** Remembers what a request said: the logs are searched for it at the end. */
  confide(body: string): void {
    this.#search.confide(body);
  }

  /** Changes the code, and waits until it is deployed: with the option `--watch`. */
  async redeploy(change: () => void): Promise<void> {
    const deployments = () => this.#stderr.split('Deployed again.').length;
    const before = deployments();
    change();
    await eventually(
      () => deployments() > before,
      () => `another deployment\n${tailOf(this.#stderr)}`,
    );
  }

  /** What the handlers did, in order, and which of their invocations came to their end. */
  ledger(): LedgerLine[] {
    if (!existsSync(this.#ledger)) return [];
    const lines = readFileSync(this.#ledger, 'utf8').split('\n').filter(Boolean);
    return lines.map((line): LedgerLine => JSON.parse(line));
  }

  /** Fixes what makes handlers fail until it is fixed, or breaks it again. */
  fix(isFixed = true): void {
    const file = `${this.#ledger}.fixed`;
    if (isFixed) writeFileSync(file, '');
    else rmSync(file, { force: true });
  }

  /** What the handler of an event did. */
  effects(eventId: string): Effect[] {
    return this.ledger().flatMap((line) => {
      if (!('id' in line) || line.id !== eventId) return [];
      const { invocation: _, ...effect } = line;
      return [effect];
    });
  }

  /** The reports of an event so far, oldest first. */
  of(id: string, ...events: string[]): ReportLine[] {
    return this.reports.filter(
      (report) => report.id === id && (events.length === 0 || events.includes(report.event)),
    );
  }

  /**
   * Waits until an event has been reported this often, counting the given kinds of report together.
   *
   * @throws Error with what was reported of it, where that never comes
   */
  async until(id: string, events: string[], times = 1): Promise<ReportLine[]> {
    await eventually(
      () => this.of(id, ...events).length >= times,
      () =>
        `${times} x ${events.join(' or ')} of ${id.slice(0, 80)}; there were ${outcomes(this.of(id))}\n${tailOf(this.#stderr)}`,
    );
    return this.of(id, ...events);
  }

  /**
   * Kills sandboxes of the functions whose logical ids begin with `name`, and waits until they are gone.
   *
   * @param choose which of them, all by default
   * @returns how many
   */
  async kill(name: string, choose = (pids: number[]) => pids): Promise<number> {
    const alive = await this.children();
    const pids = this.reports.flatMap(({ event, function: of = '', pid }) =>
      event === 'started' && of.startsWith(name) && pid && alive.includes(pid) ? [pid] : [],
    );
    const killed = choose(pids).filter(killAtOnce);
    await eventually(
      async () => !(await this.children()).some((pid) => killed.includes(pid)),
      () => `the end of ${killed.join(', ')}`,
    );
    return killed.length;
  }

  /**
   * Kills the sandbox in whose handler an event with the text `wait to be killed` is, and lets the next attempt
   * succeed.
   *
   * @returns whether such a handler runs
   */
  async killHandlerOf(id: string): Promise<boolean> {
    const file = `${this.#ledger}.waiting.${id}`;
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (!pid || !(await this.children()).includes(pid) || !killAtOnce(pid)) return false;
    writeFileSync(`${this.#ledger}.killed.${id}`, '');
    return true;
  }

  /** Waits for the message of an event in a queue whose logical id begins with `name`. */
  deadLetter(name: string, id: string): Promise<{ body: string; attributes: Record<string, string> }> {
    return this.queues.find(name, id);
  }

  /** Puts messages into a queue whose logical id begins with `name`, in one call: 10 at most. */
  enqueue(name: string, bodies: string | readonly string[]): Promise<void> {
    return this.queues.send(name, [bodies].flat());
  }

  /**
   * Waits until the workers' queues hold nothing: no message waits, is in a worker's hands or comes back later, so that
   * nothing more can happen to what was sent.
   */
  async drained(): Promise<void> {
    await eventually(
      () => this.queues.areEmpty(),
      () => 'empty queues',
    );
  }

  /** Stores other signing secrets, as an operator would. */
  async rotate(secret: string): Promise<void> {
    const store = new SecretsManagerClient({ ...client, endpoint: this.ready.endpoints.secretsManager });
    const { SigningSecretName } = this.ready.outputs;
    await store.send(new PutSecretValueCommand({ SecretId: SigningSecretName, SecretString: secret }));
    store.destroy();
  }

  /** The processes that it has started and that still run. */
  children(): Promise<number[]> {
    return childrenOf(this.#process.pid);
  }

  /** The denials so far, which the caller expects: any other makes `stop` throw. */
  takeDenied(): string[] {
    return this.#search.expectedDenials();
  }

  /**
   * Ends it.
   *
   * @throws Error where a function did what its role does not allow, or a log shows what it must not, with
   * the test that ran when it did
   */
  async stop(): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGINT');
      await exited;
    }
    this.queues?.destroy();
    await this.#emulators?.stop();
    const left = existsSync(this.stateFile);
    rmSync(this.#directory, { recursive: true });
    if (left) throw new Error('It left the state file by which tools find it.');
    this.#search.judge();
    return this.#process.exitCode;
  }
}

const client = {
  region: 'us-east-1',
  credentials: localCredentials,
};

function endpointVariables(emulators: Emulators | undefined): Record<string, string> {
  if (!emulators) return {};
  const { sqs, dynamodb } = emulators.endpoints;
  return { SQS_ENDPOINT: sqs, DYNAMODB_ENDPOINT: dynamodb };
}
