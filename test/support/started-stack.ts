import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { encodingAttribute } from '../../lambda/queued-event/attributes.ts';
import { unpack } from '../../lambda/queued-event/text.ts';
import { readEnvelope } from '../../lambda/zavu/envelope.ts';
import type { Service } from '../../local/state.ts';
import type { LedgerLine } from '../e2e/scripted-handlers.ts';
import { Emulators } from '../emulators/emulators.ts';
import { confidentialOf, confidentialSamples, revealed } from './confidential.ts';
import { outcomes, tailOf } from './outcomes.ts';
import { Queues } from './queues.ts';
import { sqsAt } from './sqs.ts';
import { patienceMs, quick } from './test-timing.ts';

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
  endpoints: Record<Service, string>;
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
  readonly #denied: Blamed[] = [];
  /** What was sent and may stand in no log. */
  readonly #confidential = new Set(confidentialSamples);
  readonly #lines: Blamed[] = [];
  ready!: Ready;
  queues!: Queues;
  readonly #directory = mkdtempSync(join(tmpdir(), 'zavu-e2e-'));
  /** What tools find the stack by, as $ZAVU_LOCAL_STATE. */
  readonly note = join(this.#directory, 'note.json');
  readonly #ledger = join(this.#directory, 'ledger');
  readonly #process: ChildProcess;
  readonly #emulators: Emulators | undefined;
  #stderr = '';

  private constructor(options: StartedStackOptions, emulators: Emulators | undefined) {
    this.#emulators = emulators;
    const settings = Object.entries({ ...quick, ...options.settings, ledger: this.#ledger });
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
          ZAVU_LOCAL_STATE: this.note,
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
    const elsewhere = Emulators.second && !options.env?.SQS_ENDPOINT;
    const stack = new StartedStack(options, elsewhere ? await Emulators.start() : undefined);
    try {
      stack.ready = await stack.#becomeReady();
      stack.queues = new Queues(stack.ready);
      const { workerTimeoutSeconds } = { ...quick, ...options.settings };
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
        else if (report.event === 'denied')
          this.#denied.push({ text: String(report.reason), test: runningTest() });
        else {
          const isByAws = ['platform', 'access', 'firehose'].includes(report.event);
          (isByAws ? this.awsLines : this.reports).push(report);
          this.#lines.push({ text: line, test: runningTest() });
        }
      });
    });
  }

  /** Remembers what a request said: the logs are searched for it at the end. */
  confide(body: string): void {
    for (const text of confidentialOf(body)) this.#confidential.add(text);
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
  effects(of: string): Effect[] {
    return this.ledger().flatMap((line) => {
      if (!('id' in line) || line.id !== of) return [];
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
    const killed = choose(pids).filter(kill);
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
    if (!pid || !(await this.children()).includes(pid) || !kill(pid)) return false;
    writeFileSync(`${this.#ledger}.killed.${id}`, '');
    return true;
  }

  /** Takes the messages out of a queue whose logical id begins with `name`, until `id` is among them. */
  async deadLetter(name: string, id: string): Promise<{ body: string; attributes: Record<string, string> }> {
    const sqs = this.#sqs();
    const url = this.#queueUrl(name);
    try {
      let found: { body: string; attributes: Record<string, string> } | undefined;
      await eventually(
        async () => {
          const { Messages = [] } = await sqs.send(
            new ReceiveMessageCommand({
              QueueUrl: url,
              MaxNumberOfMessages: 10,
              WaitTimeSeconds: 1,
              // Looking at one dead letter must not hide the others.
              VisibilityTimeout: 0,
              MessageAttributeNames: ['All'],
            }),
          );
          for (const { Body = '', MessageAttributes = {} } of Messages) {
            const attributes = strings(MessageAttributes);
            const text = unpack(Body, attributes[encodingAttribute]) ?? '';
            if (readEnvelope(text, Date.now())?.event.id === id) found = { body: Body, attributes };
          }
          return found !== undefined;
        },
        () => `${id} in ${name}`,
      );
      if (!found) throw new Error('unreachable');
      return found;
    } finally {
      sqs.destroy();
    }
  }

  /** Puts messages into a queue whose logical id begins with `name`, in one call: 10 at most. */
  async enqueue(name: string, bodies: string | readonly string[]): Promise<void> {
    const sqs = this.#sqs();
    const Entries = [bodies].flat().map((body, index) => ({ Id: String(index), MessageBody: body }));
    try {
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#queueUrl(name), Entries }));
    } finally {
      sqs.destroy();
    }
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

  #sqs(): SQSClient {
    return sqsAt(this.ready.endpoints.sqs);
  }

  #queueUrl(name: string): string | undefined {
    return Object.entries(this.ready.queues).find(([logicalId]) => logicalId.startsWith(name))?.[1];
  }

  /** Stores other signing secrets, as an operator would. */
  async rotate(secret: string): Promise<void> {
    const store = new SecretsManagerClient({ ...client, endpoint: this.ready.endpoints.secretsManager });
    const { SigningSecretName } = this.ready.outputs;
    await store.send(new PutSecretValueCommand({ SecretId: SigningSecretName, SecretString: secret }));
    store.destroy();
  }

  /** The processes that it has started and that still run. */
  async children(): Promise<number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/));
    return rows.flatMap(([pid = '', parent]) => (parent === String(this.#process.pid) ? [Number(pid)] : []));
  }

  /** The denials so far, which the caller expects: any other makes `stop` throw. */
  takeDenied(): string[] {
    return this.#denied.splice(0).map(({ text }) => text);
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
    const left = existsSync(this.note);
    rmSync(this.#directory, { recursive: true });
    if (left) throw new Error('It left the note by which tools find it.');
    if (this.#denied.length > 0) {
      throw new Error(this.#denied.map(({ text, test }) => `Denied during ${test}: ${text}`).join('\n'));
    }
    for (const { text, test } of this.#lines) {
      const what = revealed(text, this.#confidential);
      if (what) throw new Error(`A log shows ${what}, during ${test}: ${text}`);
    }
    return this.#process.exitCode;
  }
}

/** What came while a test ran. It fails the file's end, where nobody would know whose it is. */
interface Blamed {
  text: string;
  test: string;
}

function runningTest(): string {
  // The soak runs without jest.
  const name = 'expect' in globalThis ? expect.getState().currentTestName : undefined;
  return name ? `"${name}"` : 'no test';
}

const client = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended since.
    return false;
  }
}

function endpointVariables(emulators: Emulators | undefined): Record<string, string> {
  if (!emulators) return {};
  const { sqs, dynamodb } = emulators.endpoints;
  return { SQS_ENDPOINT: sqs, DYNAMODB_ENDPOINT: dynamodb };
}

function strings(attributes: Record<string, MessageAttributeValue>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
}

/** Waits until something holds, and says what was missing when it never did. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${patienceMs} ms in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
