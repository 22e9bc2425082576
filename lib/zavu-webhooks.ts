import { Stack, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { HandlerTable } from '../lambda/handlers/define-handlers.ts';
import { Archive } from './archive/archive.ts';
import { Canary } from './canary/canary.ts';
import { Dashboard } from './dashboard/dashboard.ts';
import { setDataRemovalPolicy } from './data-removal.ts';
import { nameDeployment, outputPrefix } from './deployment.ts';
import { FanOutBus } from './event-bus/event-bus.ts';
import { Guardrails } from './guardrails/guardrails.ts';
import { IdempotencyTable } from './idempotency/idempotency-table.ts';
import { MessagesTable } from './messages/messages-table.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { SavedQueries } from './monitoring/saved-queries.ts';
import { capitalize } from './outputs.ts';
import { Pauses } from './pauses/pauses.ts';
import { Receiver } from './receiver/receiver.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { ServiceLevels } from './service-levels/service-levels.ts';
import { provideSettings } from './settings/scope.ts';
import { completeSettings, type SettingsProps } from './settings/settings.ts';
import { addOutputs } from './stack-outputs.ts';
import { refuseConflicts } from './worker/conflicts.ts';
import { addDriftAlarm } from './worker/drift.ts';
import { workerEntry } from './worker/entry.ts';
import { warnOfGoneWorkers } from './worker/gone-workers.ts';
import type { WorkerOptions } from './worker/options.ts';
import { refuseTable } from './worker/table-problems.ts';
import { Worker } from './worker/worker.ts';

export interface ZavuWebhooksProps<Name extends string = string> {
  /** Which worker handles which event type, and by which module: `defineHandlers(import.meta.url, …)`. */
  handlers: HandlerTable<Name>;
  /**
   * The settings (docs/settings.md). `readSettings(app.node)` reads them from CDK's context.
   *
   * @default - every setting has its default
   */
  settings?: SettingsProps & { stage?: string };
  /**
   * In what a worker differs: its memory, its time, variables for its handlers, its VPC.
   *
   * @default - every worker is as the settings say
   */
  workers?: { readonly [Worker in NoInfer<Name>]?: WorkerOptions };
}

/**
 * Receives Zavu's webhooks: HTTP API, receiver, and for each worker of the table a queue, a dead-letter queue and a
 * function.
 *
 * @example
 * const zavu = new ZavuWebhooks(this, 'Zavu', { handlers, settings: { alarmEmail: 'you@example.com' } });
 * customers.grantReadData(zavu.workers.inbound);
 */
export class ZavuWebhooks<Name extends string = string> extends Construct {
  readonly workers: Readonly<Record<Name, Worker>>;
  readonly receiver: Receiver;
  readonly idempotency: IdempotencyTable;
  /** The latest status of every message; undefined if the setting `messagesTable` is off. */
  readonly messages: MessagesTable | undefined;
  /** Every accepted event as signed; undefined if the setting `archive` is off. */
  readonly archive: Archive | undefined;
  /** Carries the events that were handled; undefined if the setting `eventBus` is off. */
  readonly bus: FanOutBus | undefined;
  readonly pauses: Pauses;
  /** Recovers what Zavu gave up on; undefined if the setting `reconcile` is off. */
  readonly reconciler: Reconciler | undefined;
  readonly monitoring: Monitoring;

  /**
   * @throws Error if a setting is wrong, if the settings do not fit together, if an option of a worker is beyond its
   * bounds, or if a worker cannot have its name
   */
  constructor(scope: Construct, id: string, props: ZavuWebhooksProps<Name>) {
    const { handlers, workers: options = {} as Record<Name, WorkerOptions> } = props;
    refuseTable(handlers, Object.keys(options));
    const { routes } = handlers;
    const settings = completeSettings(props.settings ?? {});
    refuseConflicts(settings, options);
    super(scope, id);
    nameDeployment(this);
    provideSettings(this, settings);
    // What you put beside a construct into a stack of your own is not ours to judge.
    const judged = outputPrefix(this) === '' ? Stack.of(this) : this;
    Validations.of(judged).addPlugins(new Guardrails(judged));
    this.monitoring = new Monitoring(this, 'Monitoring');

    this.idempotency = new IdempotencyTable(this, 'IdempotencyTable');
    this.messages = settings.messagesTable ? new MessagesTable(this, 'Messages') : undefined;
    this.bus = settings.eventBus ? new FanOutBus(this, 'EventBus') : undefined;
    const shared = {
      entry: workerEntry(handlers),
      table: this.idempotency,
      messages: this.messages,
      bus: this.bus,
    };
    this.workers = Object.fromEntries(
      handlers.workers.map((name) => [
        name,
        // The suffix keeps a worker's name, which is yours to choose, from being the id of another part.
        new Worker(this, `${capitalize(name)}Worker`, {
          ...shared,
          ...options[name],
          name,
          types: routes.typesOf(name),
        }),
      ]),
    ) as Record<Name, Worker>;
    const workerList: readonly Worker[] = Object.values(this.workers);
    addDriftAlarm(
      this,
      workerList.map((worker) => worker.function.logGroup),
    );

    this.archive = settings.archive ? new Archive(this, 'Archive') : undefined;
    this.receiver = new Receiver(this, 'Receiver', { routes, workers: workerList, archive: this.archive });
    // New code of the workers first: the receiver's would send them types that the old code does not handle.
    this.receiver.function.node.addDependency(...workerList.map((worker) => worker.function));
    this.pauses = new Pauses(this, 'Pauses', { workers: workerList, table: this.idempotency });
    if (settings.canary)
      new Canary(this, 'Canary', { routes, receiver: this.receiver, table: this.idempotency });
    this.reconciler =
      settings.reconcile && this.messages
        ? new Reconciler(this, 'Reconcile', {
            routes,
            workers: workerList,
            receiver: this.receiver,
            messages: this.messages,
          })
        : undefined;

    const levels = new ServiceLevels(this, 'ServiceLevels', { receiver: this.receiver, workers: workerList });

    if (settings.dashboard) {
      new Dashboard(this, 'Dashboard', {
        receiver: this.receiver,
        workers: workerList,
        levels: levels.all,
        tables: [this.idempotency, ...(this.messages ? [this.messages] : [])],
        reconciler: this.reconciler,
      });
    }
    new SavedQueries(this, 'SavedQueries', {
      receiver: this.receiver.function.logGroup,
      workers: workerList.map((worker) => worker.function.logGroup),
    });
    setDataRemovalPolicy(this);
    addOutputs(this, routes);
    warnOfGoneWorkers(this, routes);
  }
}
