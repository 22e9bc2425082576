import type { Bound, Report } from '../../lambda/reconcile/report.ts';
import { recoveredIn } from '../../lambda/reconcile/report.ts';
import { pluralize } from '../shared/plural.ts';
import { table } from '../shared/table.ts';

const boundTexts: Readonly<Record<Bound, string>> = {
  pages: 'A list has too many pages: begin with a --from that is later.',
  look_back: 'The last run was too long ago: a part of the time was not looked at.',
  open_messages: 'Too many messages are not final: some were not asked for again.',
  other_project: 'The messages table has some of it under the name of another project: that was left out.',
};

/** Prints what was missing, by type. What a person has to look at goes to the error output. */
export function printReports(reports: readonly Report[], isDryRun: boolean): void {
  const { recovered, looked, had, impossible, first, last } = sumOf(reports);
  const rows = Object.entries(recovered).map(([type, count]) => [type, String(count)]);
  const missing = rows.reduce((sum, [, count]) => sum + Number(count), 0);
  if (rows.length > 0)
    console.log(table(['type', isDryRun ? 'missing' : 'recovered'], rows, { align: ['left', 'right'] }));
  const span =
    first === undefined || last === undefined
      ? ''
      : ` They happened between ${new Date(first).toISOString()} and ${new Date(last).toISOString()}.`;
  console.log(
    missing === 0
      ? `${pluralize(looked, 'event')} compared, none is missing.`
      : `${pluralize(looked, 'event')} compared, ${had} there, ${missing} ${isDryRun ? 'missing' : 'put into queues'}.${span}`,
  );
  if (impossible > 0) console.error(`${pluralize(impossible, 'event')} could not be rebuilt.`);
  for (const { bounds, unordered } of reports) {
    for (const bound of bounds) console.error(boundTexts[bound]);
    for (const list of unordered)
      console.error(`Zavu's list of ${list} is not the newest first: all of it was looked at.`);
  }
}

/** The reports for a script. */
export function documentOf(reports: readonly Report[], dryRun: boolean): object {
  const { first, last, ...sum } = sumOf(reports);
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    dryRun,
    ...sum,
    missing: reports.reduce((all, report) => all + recoveredIn(report), 0),
    first: iso(first),
    last: iso(last),
  };
}

function sumOf(reports: readonly Report[]) {
  const recovered: Record<string, number> = {};
  for (const report of reports) {
    for (const [type, count] of Object.entries(report.recovered))
      recovered[type] = (recovered[type] ?? 0) + count;
  }
  const of = (name: 'looked' | 'had' | 'impossible') =>
    reports.reduce((sum, report) => sum + report[name], 0);
  const firsts = reports.flatMap(({ first }) => first ?? []);
  const lasts = reports.flatMap(({ last }) => last ?? []);
  return {
    looked: of('looked'),
    had: of('had'),
    recovered,
    impossible: of('impossible'),
    bounds: [...new Set(reports.flatMap(({ bounds }) => bounds))],
    unordered: [...new Set(reports.flatMap(({ unordered }) => unordered))],
    isComplete: reports.every(({ isComplete }) => isComplete),
    first: firsts.length > 0 ? Math.min(...firsts) : undefined,
    last: lasts.length > 0 ? Math.max(...lasts) : undefined,
  };
}
