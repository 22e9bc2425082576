import type { ReportLine } from '../../testing/report-line.ts';
import type { Figures, Queued } from '../support/queues.ts';

/** So many rows fit on a screen. */
const maxRows = 20;
/** So many reports of an event fit on a line. */
const maxReports = 4;

const ends = ['handled', 'duplicate', 'dead_lettered'];

/**
 * Says what is stuck and why: the figures of the queues, and a table of the events with how often SQS gave each
 * out, and what was reported of it last. Of a message that is hidden SQS tells nobody: then these are the events that
 * were queued more often than they came to an end.
 *
 * @param orders what each event told its handler to do, by id
 */
export function stuckText(
  figures: readonly Figures[],
  visible: readonly Queued[],
  reports: readonly ReportLine[],
  orders: ReadonlyMap<string, string>,
): string {
  const byId = Map.groupBy(
    reports.filter(({ id }) => id !== undefined),
    ({ id = '' }) => id,
  );
  const seen = new Set(visible.map(({ id }) => id));
  const hidden = [...byId].flatMap(([id, all]) => {
    const queued = all.filter(({ event }) => event === 'queued').length;
    const ended = all.filter(({ event }) => ends.includes(event)).length;
    if (seen.has(id) || queued <= ended) return [];
    // A worker reports an attempt at each receive, and the number of the attempt is not that of the receive.
    const receives = all.filter(({ attempt }) => attempt !== undefined).length;
    return [{ id, queue: 'hidden, or lost', receives }];
  });
  const rows = [...visible, ...hidden].map(({ id, queue, receives }) => [
    id,
    orders.get(id) ?? '',
    shortName(queue),
    String(receives),
    lastReports(byId.get(id) ?? []),
  ]);
  const counts = figures
    .filter((one) => one.visible + one.hidden > 0)
    .map((one) => `${shortName(one.queue)}: ${one.visible} visible, ${one.hidden} hidden`);
  const more = rows.length - maxRows;
  return [
    `Messages are still queued. ${counts.join('; ')}.`,
    table([['event', 'order', 'queue', 'receives', 'last reports'], ...rows.slice(0, maxRows)]),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}

/** What was reported of an event last, on a line. */
export function lastReports(reports: readonly ReportLine[]): string {
  return reports.slice(-maxReports).map(label).join(', ') || 'nothing';
}

/** The worker of a queue's logical id. */
function shortName(queue: string): string {
  return queue.replace(/(Worker)?Queue[0-9A-F]{8}$/, '');
}

function label({ event, reason, attempt, worker }: ReportLine): string {
  const details = [attempt && `#${attempt}`, reason, event === 'failed' && worker].filter(Boolean);
  return [event, ...details].join(' ');
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
