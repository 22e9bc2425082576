import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Grant, Ready, ReportLine } from '../../testing/report-line.ts';
import { Reports } from '../../testing/reports.ts';
import { StartProcess } from '../../testing/start-process.ts';
import type { LedgerLine } from '../e2e/scripted-handlers.ts';
import { Emulators } from '../emulators/emulators.ts';
import { childrenOf, killAtOnce } from './child-processes.ts';
import { eventually } from './eventually.ts';
import { type Effect, Ledger } from './ledger.ts';
import { LogSearch } from './log-search.ts';
import { Queues } from './queues.ts';
import { quickSettings, timeoutMs } from './test-timing.ts';

const root = join(import.meta.dirname, '../..');

interface StartedStackOptions {
  /** The CDK app; the end-to-end tests' own by default. */
  app?: string;
  /** A copy of this project that it runs from, rather than this one. */
  directory?: string;
  env?: Record<string, string>;
  /** Settings beside the quickSettings ones. */
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
  readonly #reports = new Reports(() => this.#process.lastErrors);
  /** What Lambda wrote about functions, and API Gateway about requests. */
  readonly awsLines: ReportLine[] = [];
  /** What was thrown in attempts. It tells messages, and goes to whoever writes a handler, not to a log. */
  readonly thrown: ReportLine[] = [];
  /** What was allowed so far, each once. */
  readonly granted: Grant[] = [];
  readonly #search = new LogSearch();
  ready!: Ready;
  queues!: Queues;
  readonly #directory = mkdtempSync(join(tmpdir(), 'zavu-e2e-'));
  /** What tools find the stack by, as $ZAVU_LOCAL_STATE. */
  readonly stateFile = join(this.#directory, 'state.json');
  readonly #ledger = new Ledger(join(this.#directory, 'ledger'));
  readonly #process: StartProcess;
  readonly #emulators: Emulators | undefined;

  private constructor(options: StartedStackOptions, emulators: Emulators | undefined) {
    this.#emulators = emulators;
    const settings = Object.entries({ ...quickSettings, ...options.settings, ledger: this.#ledger.file });
    this.#process = new StartProcess({
      node: process.execPath,
      entry: 'bin/zavu-webhooks.mjs',
      options: [
        'start',
        '--json',
        '--port=0',
        `--app=${options.app ?? 'test/e2e/app.ts'}`,
        ...(options.options ?? []),
        ...settings.map(([name, value]) => `-c${name}=${value}`),
      ],
      env: { ...endpointVariables(emulators), ZAVU_LOCAL_STATE: this.stateFile, ...options.env },
      directory: options.directory ?? root,
    });
  }

  static async start(options: StartedStackOptions = {}): Promise<StartedStack> {
    // Of its own, because the names of queues and tables are the same in every stack.
    const elsewhere = Emulators.areSecond && !options.env?.SQS_ENDPOINT;
    const stack = new StartedStack(options, elsewhere ? await Emulators.start() : undefined);
    try {
      stack.ready = await stack.#process.ready((report, line) => stack.#take(report, line));
      stack.queues = new Queues(stack.ready);
      const { workerTimeoutSeconds } = { ...quickSettings, ...options.settings };
      await stack.queues.hideFor(options.hiddenSeconds ?? 2 * Number(workerTimeoutSeconds));
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  #take(report: ReportLine & Partial<Grant>, line: string): void {
    if (isGrant(report)) this.granted.push(report);
    else if (report.event === 'error') this.thrown.push(report);
    else if (report.event === 'denied') this.#search.takeDenial(String(report.reason));
    else {
      const isByAws = ['platform', 'access', 'firehose'].includes(report.event);
      (isByAws ? this.awsLines : this.reports).push(report);
      this.#search.takeLine(line);
    }
  }

  /** Remembers what a request said: the logs are searched for it at the end. */
  confide(body: string): void {
    this.#search.confide(body);
  }

  /** Changes the code, and waits until it is deployed: with the option `--watch`. */
  async redeploy(change: () => void): Promise<void> {
    const before = this.#process.redeployments;
    change();
    await eventually(
      () => this.#process.redeployments > before,
      () => `another deployment\n${this.#process.lastErrors}`,
    );
  }

  /** What the handlers did, in order, and which of their invocations came to their end. */
  ledger(): LedgerLine[] {
    return this.#ledger.lines();
  }

  /** Fixes what makes handlers fail until it is fixed, or breaks it again. */
  fix(isFixed = true): void {
    this.#ledger.fix(isFixed);
  }

  /** What the handler of an event did. */
  effects(eventId: string): Effect[] {
    return this.#ledger.effects(eventId);
  }

  /** What became of events so far, and what else happened, oldest first. */
  get reports(): ReportLine[] {
    return this.#reports.lines;
  }

  /** The reports of an event so far, oldest first. */
  of(id: string, ...events: string[]): ReportLine[] {
    return this.#reports.of(id, ...events);
  }

  /**
   * Waits until an event has been reported this often, counting the given kinds of report together.
   *
   * @throws Error with what was reported of it, if that never comes
   */
  until(id: string, events: string[], times = 1): Promise<ReportLine[]> {
    return this.#reports.until(id, events, times, timeoutMs);
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
    const pid = this.#ledger.waiting(id);
    if (!pid || !(await this.children()).includes(pid) || !killAtOnce(pid)) return false;
    this.#ledger.killed(id);
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
    const store = new SecretsManagerClient({
      region: 'us-east-1',
      credentials: this.ready.credentials,
      endpoint: this.ready.endpoints.secretsManager,
    });
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
   * @throws Error if a function did what its role does not allow, or a log shows what it must not, with
   * the test that ran when it did
   */
  async stop(): Promise<number | null> {
    const code = await this.#process.stop();
    this.queues?.destroy();
    await this.#emulators?.stop();
    const left = existsSync(this.stateFile);
    rmSync(this.#directory, { recursive: true });
    if (left) throw new Error('It left the state file by which tools find it.');
    this.#search.judge();
    return code;
  }
}

const isGrant = (report: ReportLine & Partial<Grant>): report is ReportLine & Grant =>
  report.event === 'granted';

function endpointVariables(emulators: Emulators | undefined): Record<string, string> {
  if (!emulators) return {};
  const { sqs, dynamodb } = emulators.endpoints;
  return { SQS_ENDPOINT: sqs, DYNAMODB_ENDPOINT: dynamodb };
}
