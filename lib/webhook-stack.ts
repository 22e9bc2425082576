import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type WorkerName, workerNames } from '../lambda/routing/routes.ts';
import { Archive } from './archive/archive.ts';
import { Canary } from './canary/canary.ts';
import { Dashboard } from './dashboard/dashboard.ts';
import { setDataRemovalPolicy } from './data-removal.ts';
import { FanOutBus } from './event-bus/event-bus.ts';
import { Guardrails } from './guardrails/guardrails.ts';
import { IdempotencyTable } from './idempotency/idempotency-table.ts';
import { MessagesTable } from './messages/messages-table.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { SavedQueries } from './monitoring/saved-queries.ts';
import { capitalize } from './outputs.ts';
import { Receiver } from './receiver/receiver.ts';
import { provideSettings } from './settings/scope.ts';
import type { Settings } from './settings/settings.ts';
import { addOutputs } from './stack-outputs.ts';
import { refuseConflicts } from './worker/conflicts.ts';
import type { WorkerOptions } from './worker/options.ts';
import { Worker } from './worker/worker.ts';

export interface WebhookStackProps extends StackProps {
  settings: Settings;
  /**
   * In what a worker differs: its memory, its time, variables for its handlers, an entry of its own.
   *
   * @default - every worker is as the settings say
   */
  workers?: Partial<Record<WorkerName, WorkerOptions>>;
}

/**
 * Receives Zavu's webhooks: HTTP API, receiver, a queue and a worker per kind of event.
 *
 * @example
 * const settings = readSettings(app.node);
 * new WebhookStack(app, 'ZavuWebhooks-prod', { settings, workers: { inbound: { timeoutSeconds: 60 } } });
 */
export class WebhookStack extends Stack {
  readonly workers: Readonly<Record<WorkerName, Worker>>;
  readonly receiver: Receiver;
  readonly idempotency: IdempotencyTable;
  /** The latest status of every message; undefined if the setting `messagesTable` is off. */
  readonly messages: MessagesTable | undefined;
  /** Every accepted event as signed; undefined if the setting `archive` is off. */
  readonly archive: Archive | undefined;
  /** Carries the events that were handled; undefined if the setting `eventBus` is off. */
  readonly bus: FanOutBus | undefined;

  /** @throws Error if the settings do not fit together, or an option of a worker is beyond its bounds */
  constructor(scope: Construct, id: string, { settings, workers = {}, ...props }: WebhookStackProps) {
    refuseConflicts(settings, workers);
    super(scope, id, { description: "Receives Zavu's webhooks and handles each event once", ...props });
    Validations.of(this).addPlugins(new Guardrails(this));
    provideSettings(this, settings);
    new Monitoring(this, 'Monitoring');

    this.idempotency = new IdempotencyTable(this, 'IdempotencyTable');
    this.messages = settings.messagesTable ? new MessagesTable(this, 'Messages') : undefined;
    this.bus = settings.eventBus ? new FanOutBus(this, 'EventBus') : undefined;
    const shared = { table: this.idempotency, messages: this.messages, bus: this.bus };
    this.workers = perWorker(
      // The suffix keeps a worker's name, which is yours to choose, from being the id of another part.
      (name) => new Worker(this, `${capitalize(name)}Worker`, { ...workers[name], ...shared, name }),
    );

    this.archive = settings.archive ? new Archive(this, 'Archive') : undefined;
    const queues = perWorker((name) => this.workers[name].queue);
    this.receiver = new Receiver(this, 'Receiver', { queues, archive: this.archive });
    if (settings.canary) new Canary(this, 'Canary', { receiver: this.receiver, table: this.idempotency });

    const workerList = Object.values(this.workers);
    new Dashboard(this, 'Dashboard', {
      receiver: this.receiver,
      workers: workerList,
      tables: [this.idempotency, ...(this.messages ? [this.messages] : [])],
    });
    new SavedQueries(this, 'SavedQueries', {
      folder: this.stackName,
      receiver: this.receiver.function.logGroup,
      workers: workerList.map((worker) => worker.function.logGroup),
    });
    setDataRemovalPolicy(this);
    addOutputs(this);
  }
}

function perWorker<Value>(make: (name: WorkerName) => Value): Record<WorkerName, Value> {
  return Object.fromEntries(workerNames.map((name) => [name, make(name)])) as Record<WorkerName, Value>;
}
