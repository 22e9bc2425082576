import { styleText } from 'node:util';
import { eventIdOf } from '../aws/event-bridge/event-bus.ts';
import { printable } from '../printable.ts';
import { AttemptPairs } from './attempt-pairs.ts';
import { writeBanner } from './banner.ts';
import { attemptLines, interruptionLines, printingLines } from './failure-text.ts';
import { detailOf, summary } from './line-text.ts';
import { isReceiver, memorySettings } from './memory-settings.ts';
import { isMetrics, parseOutcome } from './outcome-line.ts';
import type { Reporter } from './reporter.ts';
import { timeOfDay } from './time-of-day.ts';

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
  warning: 'yellow',
} as const;

/** The longest cell of a line: ids and types come from outside. */
const maxCell = 400;

/** For people: a banner, then one line per event and outcome. Nothing from outside can move the cursor. */
export function textReporter(write: (line: string) => void): Reporter {
  function row(outcome: keyof typeof colors, type = '', id = '', worker = '', detail = ''): void {
    const time = timeOfDay(new Date());
    const label = styleText(colors[outcome], outcome.padEnd(13));
    const columns = [cell(type).padEnd(18), cell(id).padEnd(28), cell(worker).padEnd(9), printable(detail)];
    write(`${time}  ${label} ${columns.join(' ')}`.trimEnd());
  }
  const block = (lines: readonly string[]) => {
    for (const line of lines) write(`${''.padEnd(10)}${line}`);
  };
  const pairs = new AttemptPairs((failure, line) => block(attemptLines(failure, line, new Date())));
  /** Places that were warned of. */
  const warned = new Set<string>();
  const gray = (text: string) => write(styleText('gray', printable(text)));

  return {
    ready: (url, secret, deployment) => writeBanner(write, url, secret, deployment),
    started: () => undefined,
    failed(_function, worker, interruption) {
      const { reason } = interruption;
      row('failed', '', '', worker ?? 'receiver', worker ? `${reason}; its batch comes back` : reason);
      block(interruptionLines(interruption));
    },
    attemptFailed: (failure) => pairs.failed(failure),
    printed(printing) {
      const { file, line } = printing.place;
      const place = `${file}:${line}`;
      if (warned.has(place)) return;
      warned.add(place);
      row('warning', '', '', printing.worker ?? '');
      block(printingLines(printing));
    },
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
      if (!outcome) {
        for (const each of summary(line)) gray(`          ${each}`);
        return;
      }
      const { type, id, worker } = outcome;
      row(outcome.outcome, text(type), text(id), text(worker), detailOf(outcome));
      pairs.outcome(outcome);
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

function text(value: unknown): string {
  return value === undefined ? '' : String(value);
}

/** A text from outside in a column. */
function cell(content: string): string {
  return printable(content.length > maxCell ? `${content.slice(0, maxCell)}...` : content);
}
