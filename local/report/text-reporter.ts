import { styleText } from 'node:util';
import { Routes } from '../../lambda/routing/routes.ts';
import { parseJson } from '../../lambda/shared/json.ts';
import { eventIdOf } from '../aws/event-bridge/event-bus.ts';
import { printable } from '../printable.ts';
import { isReceiver, memorySettings } from './memory-settings.ts';
import { isMetrics, type OutcomeLine, parseOutcome } from './outcome-line.ts';
import type { DeployedStack, Reporter } from './reporter.ts';

const colors = {
  queued: 'cyan',
  handled: 'green',
  published: 'green',
  notified: 'green',
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
  refused: 'red',
  alarm: 'red',
} as const;

/** The longest cell of a line: ids and types come from outside. */
const maxCell = 400;

/** For people: a banner, then one line per event and outcome. Nothing from outside can move the cursor. */
export function textReporter(write: (line: string) => void): Reporter {
  function row(outcome: keyof typeof colors, type = '', id = '', worker = '', detail = ''): void {
    const time = new Date().toTimeString().slice(0, 8);
    const label = styleText(colors[outcome], outcome.padEnd(13));
    const columns = [cell(type).padEnd(18), cell(id).padEnd(28), cell(worker).padEnd(9), printable(detail)];
    write(`${time}  ${label} ${columns.join(' ')}`.trimEnd());
  }
  const gray = (text: string) => write(styleText('gray', printable(text)));

  return {
    ready: (url, secret, deployment) => writeBanner(write, url, secret, deployment),
    started: () => undefined,
    failed: (_function, worker, reason) =>
      // A batch fails as a whole: no single event can be named.
      row('failed', '', '', worker ?? 'receiver', worker ? `${reason}; its batch comes back` : reason),
    memoryExceeded(excess) {
      const { worker, usedMb, memoryMb } = excess;
      const writer = worker ?? (isReceiver(excess) ? 'receiver' : '');
      const settings = memorySettings(excess).join(' or ');
      const detail = `holds ${usedMb} MB and has ${memoryMb}: AWS would kill it. Raise ${settings}`;
      row('memory', '', '', writer, detail);
    },
    throttled: (_function, worker) =>
      row('throttled', '', '', worker ?? 'receiver', 'more at once than --concurrency allows'),
    published: (entry) =>
      row(
        'published',
        entry.DetailType,
        eventIdOf(entry),
        '',
        `on ${entry.EventBusName ?? 'the default bus'}`,
      ),
    notified(topicArn, readers, reason) {
      const names = readers.map((each) => each.replace(/^arn:.*:/, '')).join(', ');
      const told = [names && `read by ${names}`, reason].filter(Boolean).join('; ');
      row('notified', topicArn.replace(/^arn:.*:/, ''), '', '', told);
    },
    granted: () => undefined,
    denied: (reason) => row('denied', '', '', '', `${reason}. Add a grant for it to the app.`),
    refused: (sentence) => row('refused', '', '', '', sentence),
    alarm({ name, state, acts, readers, reason }) {
      // A part of a composite alarm notifies nobody: the alarm that asks for it has its own line.
      if (!acts) return;
      const told = readers.length > 0 ? `notifies ${readers.join(', ')}` : (reason ?? '');
      row('alarm', state === 'ALARM' ? 'fires' : 'clears', alarmTitle(name), '', told);
    },
    unchecked: (what) => gray(`  Not checked here: ${what}.`),
    logged({ writer, text: line }) {
      if (writer !== 'function' || isMetrics(line)) return;
      const outcome = parseOutcome(line);
      if (!outcome) return gray(`          ${summary(line)}`);
      const { type, id, worker } = outcome;
      row(outcome.outcome, text(type), text(id), text(worker), detailOf(outcome));
    },
  };
}

/**
 * The name of an alarm as the runbook has it, with the name of the worker that it watches: without what CloudFormation
 * adds to every name, and CDK to the name of a composite alarm.
 */
export function alarmTitle(name: string): string {
  return name.replace(/^\w*?Monitoring|[0-9A-F]{8}$/g, '').replace(/Alarm$/, '');
}

function writeBanner(
  write: (line: string) => void,
  url: string,
  secret: string,
  deployment: DeployedStack,
): void {
  const { workers, outputs } = deployment;
  const routes = outputs.Routes === undefined ? undefined : Routes.parse(outputs.Routes);
  write(`\nZavu webhooks, on this machine\n\n  URL     ${url}\n  Secret  ${secret}\n`);
  for (const { name, timeoutSeconds, maximumConcurrency, batchSize } of workers) {
    const types = routes?.typesOf(name) ?? [];
    write(`  ${name.padEnd(10)} ${types.length > 0 ? types.join(', ') : 'no new events'}`);
    write(
      `  ${''.padEnd(10)} batches of ${batchSize}, ${maximumConcurrency} at once, ${timeoutSeconds} s each`,
    );
  }
  const lists = {
    'Not run here': deployment.notRun,
    'Not emulated': deployment.notEmulated,
    'Imported, and not here': deployment.imported,
    'Secrets of your own are set by': deployment.secretVariables,
    'Set by .env.local': deployment.setVariables,
    'In .env.local, and not used': deployment.unusedVariables,
  };
  for (const [title, names] of Object.entries(lists)) {
    if (names.length > 0) write(`\n  ${title}: ${printable(names.join(', '))}`);
  }
  write(
    '\nSend a first event from another terminal: npx zavu-webhooks send message.inbound\nCtrl-C ends it.\n',
  );
}

/** How an outcome came about, in a few words. */
function detailOf({
  scheme,
  status,
  reason,
  detail,
  attempt,
  retryInSeconds,
  error,
  ms,
}: OutcomeLine): string {
  const details = [
    status === 200 ? `signed ${scheme}` : status,
    reason,
    detail,
    error,
    attempt === undefined || attempt === 1 ? undefined : `attempt ${attempt}`,
    retryInSeconds === undefined ? undefined : `again in ${retryInSeconds} s`,
    ms === undefined ? undefined : `${ms} ms`,
  ];
  return details.filter(Boolean).join(', ');
}

function text(value: unknown): string {
  return value === undefined ? '' : String(value);
}

/** A text from outside in a column. */
function cell(content: string): string {
  return printable(content.length > maxCell ? `${content.slice(0, maxCell)}...` : content);
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
