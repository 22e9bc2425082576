import { styleText } from 'node:util';
import { printable } from '../../cli/shared/printable.ts';
import { routes } from '../../lambda/routing/routes.ts';
import { asciiJson, parseJson } from '../../lambda/shared/json.ts';
import type { AlarmEvent } from '../aws/cloudwatch/alarm-event.ts';
import type { BusEntry } from '../aws/event-bridge/event-bus.ts';
import type { Grant } from '../aws/iam/iam.ts';
import type { LogLine } from '../aws/logs/log-groups.ts';
import type { Service } from '../state.ts';

/** What is deployed, and where. */
export interface DeployedStack {
  outputs: Record<string, string>;
  endpoints: Record<Service, string>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
  queues: Record<string, string>;
  tables: string[];
  /** What the template's policies allow. */
  grants: Grant[];
  workers: { name: string; batchSize: number; maximumConcurrency: number; timeoutSeconds: number }[];
}

/** A function that holds more memory than it has. */
export interface MemoryExcess {
  function: string;
  /** The worker's name; undefined of a function that is none. */
  worker: string | undefined;
  usedMb: number;
  memoryMb: number;
}

/** Tells what happens in the local stack. */
export interface Reporter {
  ready(url: string, secret: string, deployment: DeployedStack): void;
  /** A function was given a process of its own. */
  started(functionName: string, pid: number | undefined): void;
  /** A line reached a log group. Of what functions print, outcomes are lines of JSON with an `outcome`. */
  logged(line: LogLine): void;
  /** An invocation gave no result: its function died, or was killed at its timeout. */
  failed(functionName: string, worker: string | undefined, reason: string): void;
  /** An execution environment holds more memory than its function has, where AWS would kill it. */
  memoryExceeded(excess: MemoryExcess): void;
  /** A function was not invoked, because the account has no concurrency left. */
  throttled(functionName: string, worker: string | undefined): void;
  /** The event bus took an event. */
  published(entry: BusEntry): void;
  /** A grant was used for the first time. */
  granted(grant: Grant): void;
  /** A call was denied for want of a grant. */
  denied(reason: string): void;
  /** Something that AWS will check, and that the template does not decide: a sentence without its full stop. */
  unjudged(what: string): void;
  /** An alarm fires, or clears. */
  alarm(event: AlarmEvent): void;
}

/** A receiver's or worker's line about one event. */
type Outcome = Record<string, unknown> & { outcome: string };

/** For scripts: one JSON object per line, in ASCII. */
export function jsonReport(write: (line: string) => void): Reporter {
  const emit = (event: string, fields: object) => write(asciiJson(JSON.stringify({ event, ...fields })));
  return {
    ready: (url, secret, deployment) => emit('ready', { url, secret, ...deployment }),
    started: (functionName, pid) => emit('started', { function: functionName, pid }),
    failed: (functionName, worker, reason) => emit('failed', { function: functionName, worker, reason }),
    memoryExceeded: (excess) =>
      emit('memory_exceeded', { ...excess, setting: memorySettings(excess).join(', ') }),
    throttled: (functionName, worker) => emit('throttled', { function: functionName, worker }),
    published: (entry) =>
      emit('published', { id: idOf(entry), type: entry.DetailType, bus: entry.EventBusName }),
    granted: (grant) => emit('granted', grant),
    denied: (reason) => emit('denied', { reason }),
    unjudged: (what) => emit('unjudged', { reason: what }),
    alarm: ({ event, ...fields }) => emit(event, fields),
    logged({ writer, functionName, text: line }) {
      if (writer === 'lambda') return emit('platform', { function: functionName, line });
      if (writer === 'api-gateway') return emit('access', { line });
      if (writer === 'firehose') return emit('firehose', { line });
      const outcome = parseOutcome(line);
      if (isMetrics(line)) return emit('metrics', { function: functionName, line });
      if (!outcome) return emit('log', { function: functionName, line });
      const { outcome: event, level: _level, message: _message, ...fields } = outcome;
      if (event === 'queued' || event === 'unrouted') emit('received', fields);
      emit(event === 'unavailable' ? 'rejected' : event, fields);
    },
  };
}

const colors = {
  queued: 'cyan',
  handled: 'green',
  published: 'green',
  duplicate: 'gray',
  retried: 'yellow',
  unrouted: 'yellow',
  rejected: 'red',
  unavailable: 'red',
  dead_lettered: 'red',
  failed: 'red',
  memory: 'red',
  throttled: 'red',
  denied: 'red',
  alarm: 'red',
} as const;

/** The longest cell of a line: ids and types come from outside. */
const maxCell = 400;

/** For people: a banner, then one line per event and outcome. Nothing from outside can move the cursor. */
export function textReport(write: (line: string) => void): Reporter {
  function row(outcome: string, type = '', id = '', worker = '', detail = ''): void {
    const time = new Date().toTimeString().slice(0, 8);
    const color = Object.entries(colors).find(([name]) => name === outcome)?.[1] ?? 'gray';
    const label = styleText(color, cell(outcome).padEnd(11));
    const columns = [cell(type).padEnd(18), cell(id).padEnd(28), cell(worker).padEnd(9), printable(detail)];
    write(`${time}  ${label} ${columns.join(' ')}`.trimEnd());
  }

  return {
    ready(url, secret, { workers }) {
      write(`\nZavu webhooks, on this machine\n\n  URL     ${url}\n  Secret  ${secret}\n`);
      for (const { name, timeoutSeconds, maximumConcurrency, batchSize } of workers) {
        const types = Object.entries(routes).flatMap(([type, worker]) => (worker === name ? [type] : []));
        write(`  ${name.padEnd(10)} ${types.join(', ')}`);
        write(
          `  ${''.padEnd(10)} batches of ${batchSize}, ${maximumConcurrency} at once, ${timeoutSeconds} s each`,
        );
      }
      write('\nSend a first event from another terminal: npm run send -- message.inbound\nCtrl-C ends it.\n');
    },
    started: () => undefined,
    failed: (_function, worker, reason) => row('failed', '', '', worker ?? 'receiver', reason),
    memoryExceeded(excess) {
      const { worker, usedMb, memoryMb } = excess;
      const of = worker ?? (isReceiver(excess) ? 'receiver' : '');
      const settings = memorySettings(excess).join(' or ');
      row(
        'memory',
        '',
        '',
        of,
        `holds ${usedMb} MB and has ${memoryMb}: AWS would kill it. Raise ${settings}`,
      );
    },
    throttled: (_function, worker) =>
      row('throttled', '', '', worker ?? 'receiver', 'more at once than --concurrency allows'),
    published: (entry) =>
      row('published', entry.DetailType, idOf(entry), '', `on ${entry.EventBusName ?? 'the default bus'}`),
    granted: () => undefined,
    denied: (reason) => row('denied', '', '', '', `${reason}. Grant it in lib/.`),
    alarm({ name, state, acts, readers, reason }) {
      // A part of a composite alarm tells nobody: the alarm that asks for it has its own line.
      if (!acts) return;
      const told = readers.length > 0 ? `tells ${readers.join(', ')}` : (reason ?? '');
      row('alarm', state === 'ALARM' ? 'fires' : 'clears', alarmTitle(name), '', told);
    },
    unjudged: (what) => write(styleText('gray', printable(`  Note: ${what}.`))),
    logged({ writer, text: line }) {
      if (writer !== 'function' || isMetrics(line)) return;
      const outcome = parseOutcome(line);
      if (!outcome) return write(styleText('gray', printable(`          ${summary(line)}`)));
      const { type, id, worker, scheme, status, reason, detail, attempt, retryInSeconds, error, ms } =
        outcome;
      const details = [
        status === 200 ? `signed ${scheme}` : status,
        reason,
        detail,
        error,
        attempt === undefined || attempt === 1 ? undefined : `attempt ${attempt}`,
        retryInSeconds === undefined ? undefined : `again in ${retryInSeconds} s`,
        ms === undefined ? undefined : `${ms} ms`,
      ];
      const text = (value: unknown) => (value === undefined ? '' : String(value));
      row(outcome.outcome, text(type), text(id), text(worker), details.filter(Boolean).join(', '));
    },
  };
}

/** A text from outside in a column. */
function cell(text: string): string {
  return printable(text.length > maxCell ? `${text.slice(0, maxCell)}...` : text);
}

/**
 * An alarm's name as the runbook has it, and the worker's that it watches: without what CloudFormation puts around it,
 * and CDK around the name of a composite alarm.
 */
export function alarmTitle(name: string): string {
  return name.replace(/^\w*?Monitoring|[0-9A-F]{8}$/g, '').replace(/Alarm$/, '');
}

/** What sets the memory of a function. */
function memorySettings(excess: MemoryExcess): string[] {
  if (excess.worker) return ['workerMemoryMb', `workers.${excess.worker}.memoryMb`];
  return [isReceiver(excess) ? 'receiverMemoryMb' : `the MemorySize of ${excess.function}`];
}

function isReceiver({ function: name }: MemoryExcess): boolean {
  return name.startsWith('Receiver');
}

/** The id of the event in an entry, which is all that is shown of it. */
function idOf({ Detail = '' }: BusEntry): string {
  return String(Object(parseJson(Detail)).id ?? '');
}

/** Whether CloudWatch would read metrics out of a line. */
function isMetrics(line: string): boolean {
  return line.startsWith('{"_aws":');
}

function parseOutcome(line: string): Outcome | undefined {
  const parsed = parseJson(line);
  if (typeof parsed !== 'object' || parsed === null || !('outcome' in parsed)) return undefined;
  return typeof parsed.outcome === 'string' ? { ...parsed, outcome: parsed.outcome } : undefined;
}

/** A handler's own line, without what every line carries. */
function summary(line: string): string {
  const parsed = parseJson(line);
  if (typeof parsed !== 'object' || parsed === null) return line;
  const common = ['level', 'timestamp', 'message', 'worker', 'id', 'type', 'attempt'];
  const fields = Object.entries(parsed).filter(([name]) => !common.includes(name));
  const message = 'message' in parsed ? String(parsed.message) : '';
  return [message, ...fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(' ');
}
