import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type WorkerName, workerNames } from '../lambda/routing/routes.ts';
import { Archive } from './archive/archive.ts';
import { Canary } from './canary/canary.ts';
import { FanOutBus } from './event-bus/event-bus.ts';
import { Guardrails } from './guardrails/guardrails.ts';
import { IdempotencyTable } from './idempotency/idempotency-table.ts';
import { MessagesTable } from './messages/messages-table.ts';
import { Dashboard } from './monitoring/dashboard.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { SavedQueries } from './monitoring/saved-queries.ts';
import { Receiver } from './receiver/receiver.ts';
import { refuseConflicts } from './settings/conflicts.ts';
import type { Settings } from './settings/settings.ts';
import { Worker, type WorkerOptions } from './worker/worker.ts';

export interface WebhookStackProps extends StackProps {
  settings: Settings;
  /** Where a worker differs: its memory, its time, variables for its handlers, an entry of its own. */
  workers?: Partial<Record<WorkerName, WorkerOptions>>;
}

/** Receives Zavu's webhooks: HTTP API, receiver, a queue and a worker per kind of event. */
export class WebhookStack extends Stack {
  readonly workers: Readonly<Record<WorkerName, Worker>>;
  readonly receiver: Receiver;
  /** What became of every message; undefined where `messagesTable` is off. */
  readonly messages: MessagesTable | undefined;
  /** Every accepted event as signed; undefined where `archive` is off. */
  readonly archive: Archive | undefined;
  /** Carries the events that were handled, where the setting `eventBus` is on. */
  readonly bus: FanOutBus | undefined;

  constructor(scope: Construct, id: string, { settings, workers = {}, ...props }: WebhookStackProps) {
    refuseConflicts(settings, workers);
    super(scope, id, { description: "Receives Zavu's webhooks and handles each event once", ...props });
    Validations.of(this).addPlugins(new Guardrails(this));

    const monitoring = new Monitoring(this, 'Monitoring', settings);
    const table = new IdempotencyTable(this, 'IdempotencyTable', settings, monitoring);
    this.messages = settings.messagesTable ? new MessagesTable(this, 'Messages', settings) : undefined;
    this.bus = settings.eventBus ? new FanOutBus(this, 'EventBus', settings) : undefined;

    const common = { settings, table, messages: this.messages, bus: this.bus, monitoring };
    this.workers = perWorker(
      (name) => new Worker(this, capitalized(name), { ...workers[name], ...common, name }),
    );
    const queues = perWorker((name) => this.workers[name].queue);
    this.archive = settings.archive ? new Archive(this, 'Archive', settings, monitoring) : undefined;
    this.receiver = new Receiver(this, 'Receiver', { settings, monitoring, queues, archive: this.archive });

    const { receiver } = this;
    if (settings.canary) new Canary(this, 'Canary', { settings, monitoring, receiver, table });
    const workerList = Object.values(this.workers);
    new Dashboard(this, 'Dashboard', {
      monitoring,
      receiver: this.receiver,
      workers: workerList,
      tables: [table, ...(this.messages ? [this.messages] : [])],
    });
    new SavedQueries(this, 'SavedQueries', {
      folder: this.stackName,
      receiver: this.receiver.function.logGroup,
      workers: workerList.map((worker) => worker.function.logGroup),
    });

    this.#output('WebhookUrl', this.receiver.url, 'Register this URL in Zavu');
    this.#output('SigningSecretName', this.receiver.secret.secretName, 'Store the signing secret here');
    this.#output(
      'AcceptedSignatures',
      settings.acceptedSignatures.join(','),
      'Schemes that senders may sign with',
    );
    this.#output('IdempotencyTableName', table.tableName, 'Idempotency records of handled events');
    if (this.messages) {
      this.#output('MessagesTableName', this.messages.tableName, 'What became of every message');
    }
    if (this.archive) {
      const { bucket, tableName } = this.archive;
      this.#output('ArchiveBucketName', bucket.bucketName, 'Every accepted event');
      this.#output('ArchiveTableName', tableName, 'The same, for Athena');
      // A copy that is put into a queue today may wait there as long as messages stay.
      const replayable = table.expiry.toSeconds() - settings.queueRetentionDays * 86_400;
      this.#output(
        'ReplayWindowSeconds',
        String(replayable),
        'How long a replay finds handled events to be duplicates',
      );
    }
    this.#output('UnroutedQueueUrl', this.receiver.unroutedQueue.queueUrl, 'Events that nobody handles');
    for (const name of workerNames) {
      const { queue, deadLetterQueue } = this.workers[name];
      this.#output(`${capitalized(name)}QueueUrl`, queue.queueUrl, `Events for the ${name} worker`);
      this.#output(
        `${capitalized(name)}DeadLetterQueueUrl`,
        deadLetterQueue.queueUrl,
        `Events it dead-lettered`,
      );
    }
  }

  #output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}

function perWorker<Value>(make: (name: WorkerName) => Value): Record<WorkerName, Value> {
  return Object.fromEntries(workerNames.map((name) => [name, make(name)])) as Record<WorkerName, Value>;
}

function capitalized(name: WorkerName): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
