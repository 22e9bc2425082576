import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createKnownItems } from '../../../lambda/messages/known-items.ts';
import {
  createZavuProject,
  type Listed,
  type ListName,
  listNames,
} from '../../../lambda/reconcile/api/zavu-project.ts';
import { leaseMs } from '../../../lambda/reconcile/progress/lease.ts';
import { createProgress, type Progress } from '../../../lambda/reconcile/progress.ts';
import { reconcileProject } from '../../../lambda/reconcile/project-run.ts';
import { isMissing, knownAs, reachedStates } from '../../../lambda/reconcile/rebuild/reached-state.ts';
import type { Report } from '../../../lambda/reconcile/report.ts';
import type { Reconciler } from '../../../lambda/reconcile/run.ts';
import { settledAfterMs } from '../../../lambda/reconcile/window.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import { Emulators } from '../../emulators/emulators.ts';
import { anyCredentials } from '../credentials.ts';
import { HandClock } from '../hand-clock.ts';
import { routes } from '../handlers.ts';
import { createIdempotencyTable } from '../idempotency-table.ts';
import { createMessagesTable } from '../messages-table.ts';
import type { SimulatedWebhook } from '../zavu-api/history/telling.ts';
import type { History } from '../zavu-api/history.ts';
import { StandInProject } from '../zavu-api/project.ts';
import { ZavuApi } from '../zavu-api/zavu-api.ts';
import { Claims } from './claims.ts';
import { CountedCalls, type End, Ended } from './ending.ts';
import { WorkersInMemory } from './workers.ts';

const tableName = 'Messages';
const idempotencyTable = 'Idempotency';
export const hourMs = 3_600_000;

/** A table in DynamoDB's emulator and a stand-in of Zavu's API, for many projects. */
export class SimulatedZavu {
  readonly #emulators: Emulators;
  readonly api: ZavuApi;
  readonly #clients: DynamoDBClient[] = [];
  #count = 0;

  private constructor(emulators: Emulators, api: ZavuApi) {
    this.#emulators = emulators;
    this.api = api;
  }

  static async start(): Promise<SimulatedZavu> {
    const zavu = new SimulatedZavu(await Emulators.start(), await ZavuApi.start());
    await createMessagesTable(zavu.client(), tableName);
    await createIdempotencyTable(zavu.client(), idempotencyTable);
    return zavu;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.api.stop();
    await this.#emulators.stop();
  }

  client(): DynamoDBClient {
    const client = new DynamoDBClient({
      endpoint: this.#emulators.endpoints.dynamodb,
      region: 'us-east-1',
      credentials: anyCredentials,
    });
    this.#clients.push(client);
    return client;
  }

  /** A project of its own, in which nothing has happened yet. @param hasClaims whether its workers claim events */
  project({ hasClaims = false } = {}): SimulatedProject {
    return new SimulatedProject(this, `${++this.#count}`, hasClaims);
  }
}

/** A span of time in which no webhook arrives, in milliseconds. */
interface Outage {
  from: number;
  to: number;
}

/** When a webhook of the outage arrives after all, in milliseconds; undefined if it never does. */
export type Arrival = (webhook: SimulatedWebhook, outage: Outage) => number | undefined;

/** How a run is made. */
interface RunOptions {
  /** @default to its end */
  end?: End;
  /** Changes what the run is made of. */
  change?: (reconciler: Reconciler) => Partial<Reconciler>;
}

/** One project of Zavu and the deployment that takes its webhooks, by a clock that a test moves. */
export class SimulatedProject {
  readonly clock = new HandClock(Date.UTC(2026, 0, 1));
  readonly id: string;
  readonly stored: StandInProject;
  readonly workers: WorkersInMemory;
  /** The lines that runs have logged. */
  readonly lines: string[] = [];
  /** The calls of the last run. */
  calls = 0;
  readonly #zavu: SimulatedZavu;
  readonly #client: DynamoDBClient;
  #webhooks: History['webhooks'] = [];
  #runs = 0;

  constructor(zavu: SimulatedZavu, name: string, hasClaims: boolean) {
    this.#zavu = zavu;
    this.id = `prj_${name}`;
    this.stored = new StandInProject({ id: this.id });
    zavu.api.projects.set(this.#apiKey, this.stored);
    zavu.api.clock = () => this.clock.now();
    this.#client = zavu.client();
    const claims = hasClaims
      ? new Claims({ client: this.#client, tableName: idempotencyTable, clock: () => this.clock.now() })
      : undefined;
    this.workers = new WorkersInMemory(this.#client, tableName, claims);
  }

  get #apiKey(): string {
    return `zv_live_${this.id}`;
  }

  /** The progress of its runs. */
  get progress(): Progress {
    return createProgress({ client: this.#client, tableName, clock: () => this.clock.now() });
  }

  /**
   * Lets a history happen, of which the webhooks of an outage are lost.
   *
   * @param arrival @default they never arrive
   * @returns how many never arrive
   */
  load({ versions, webhooks }: History, outage: Outage, arrival: Arrival = () => undefined): number {
    this.stored.load(versions);
    const arriving = webhooks.flatMap((webhook) => {
      if (webhook.at <= outage.from || webhook.at > outage.to) return [webhook];
      const at = arrival(webhook, outage);
      return at === undefined ? [] : [{ ...webhook, at }];
    });
    this.#webhooks = arriving.sort((one, other) => one.at - other.at);
    return webhooks.length - arriving.length;
  }

  /** Lets time pass. Zavu's webhooks are handled meanwhile. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    const due = this.#webhooks.filter(({ at }) => at <= this.clock.now());
    this.#webhooks = this.#webhooks.slice(due.length);
    await this.workers.handle(due.map(({ envelope, at }) => ({ envelope, at, reconciled: false })));
  }

  /** Lets the workers handle what waits in their queues. */
  drain(): Promise<void> {
    return this.workers.drain(this.clock.now());
  }

  /**
   * Makes a run.
   *
   * @returns its report; undefined if another run holds the lease; `ended` if it came to the call at which it ends
   */
  async run({ end, change = () => ({}) }: RunOptions = {}): Promise<Report | 'ended' | undefined> {
    const calls = new CountedCalls(end);
    const now = () => this.clock.now();
    const client = calls.ofTable(this.#zavu.client());
    const table = { client, tableName };
    const { signal } = new AbortController();
    const reconciler: Reconciler = {
      signal,
      project: calls.ofProject(
        createZavuProject({
          apiKey: this.#apiKey,
          baseUrl: this.#zavu.api.url,
          requestsPerMinute: 600,
          signal,
          clock: now,
          sleep: async (ms) => this.clock.advance(ms),
        }),
      ),
      known: createKnownItems(table),
      progress: createProgress({ ...table, clock: now }),
      feed: { send: (_worker, events) => calls.make(async () => this.workers.enqueue(events)) },
      routes,
      log: createLogger({}, (line) => this.lines.push(line)),
      holder: `run_${++this.#runs}`,
      now,
      isOver: () => false,
    };
    try {
      return await reconcileProject({ ...reconciler, ...change(reconciler) });
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      // Nobody has given the lease back.
      this.clock.advance(leaseMs);
      return 'ended';
    } finally {
      this.calls = calls.count;
    }
  }

  /** What Zavu's API tells, is settled, happened after a time, and nobody knows. */
  missing(since: number): string[] {
    const now = this.clock.now();
    return listNames.flatMap((name) =>
      this.stored
        .at(name, now)
        .flatMap(({ object }) => this.#missingOf(name, object as Listed[typeof name], since)),
    );
  }

  #missingOf<Name extends ListName>(name: Name, object: Listed[Name], since: number): string[] {
    const now = this.clock.now();
    const states = reachedStates(name, object, now).filter(
      ({ at, type }) => at > since && at <= now - settledAfterMs && routes.workerFor(type),
    );
    return states.flatMap((state) => {
      const names = knownAs(state, name === 'conversations' ? this.#firstMessageOf(object.id) : undefined);
      const isUnknown = names.every(({ kind, id }) => isMissing(state, this.workers.known(kind, id)));
      const { kind, id, state: of } = state.subject;
      return isUnknown ? [`${kind} ${id} ${of}`] : [];
    });
  }

  #firstMessageOf(conversationId: unknown): string | undefined {
    return this.stored
      .at('messages', this.clock.now())
      .filter(({ object }) => 'conversationId' in object && object.conversationId === conversationId)
      .toSorted((one, other) => one.time - other.time)[0]?.id;
  }
}
