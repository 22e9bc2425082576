import { printable } from '../../local/printable.ts';
import { commandLine } from '../shared/command-line.ts';
import { pluralize } from '../shared/plural.ts';
import type { DeploymentChoice } from '../shared/stack-name.ts';
import { table } from '../shared/table.ts';
import type { FailureGroup } from './groups.ts';
import type { List } from './list.ts';
import type { QueueCommand } from './queue-command.ts';
import type { ScanResult } from './scan-queues.ts';

/** A list for a person: groups, each with its next step. */
export function listText(
  { groups, firstExpiresAt }: List,
  { name, noun, headline, nextStep }: QueueCommand,
  deployment: DeploymentChoice,
): string {
  const newest = groups.toSorted((a, b) => Date.parse(b.newest) - Date.parse(a.newest))[0];
  if (!newest) return `No ${noun}s.`;
  // Counted once: with --reveal, each error may be a group of its own.
  const totals: Record<string, number> = {};
  for (const { worker, count } of groups) totals[worker] = (totals[worker] ?? 0) + count;
  const sections = groups.map((group, index) => {
    const { why, words } = nextStep(group);
    const code = group.codeVersions.length > 0 ? `, code ${group.codeVersions.join(', ')}` : '';
    const isNewWorker = groups[index - 1]?.worker !== group.worker;
    return [
      ...(isNewWorker ? [`${group.worker}: ${pluralize(totals[group.worker] ?? 0, noun)}`, ''] : []),
      `  ${headline(group)}`,
      `    ${typesText(group.types)}${code}`,
      `    ${span(group)}`,
      `    ${why}`,
      `      ${commandLine(name, words, deployment)}`,
      '',
    ]
      .map(printable)
      .join('\n');
  });
  return [
    ...sections,
    `${firstExpiresAt ? `The first is deleted for good at ${minute(firstExpiresAt)}. ` : ''}Look at one:`,
    printable(`  ${commandLine(name, ['show', '--id', newest.example], deployment)}`),
  ].join('\n');
}

/** The single messages of a list, the latest first. */
export function detailsText({ messages }: List, { dated }: Pick<QueueCommand, 'dated'>): string {
  const latestFirst = messages.toSorted((a, b) => Date.parse(b.failedAt) - Date.parse(a.failedAt));
  return table(
    ['worker', 'id', 'type', 'reason', 'attempts', `${dated} at`],
    latestFirst.map(({ worker, id, type, reason, attempts, failedAt }) =>
      [worker, id, type, reason, attempts, minute(failedAt)].map(printable),
    ),
  );
}

/** What scans did not see, in sentences. */
export function warnings(scans: readonly ScanResult[], limit: number): string[] {
  return scans.flatMap(({ queue, complete, seen, hidden }) => [
    ...(complete
      ? []
      : [
          `${queue}: only ${seen} were looked at${seen >= limit ? ` (--limit ${limit})` : ''}; there may be more.`,
        ]),
    ...(hidden > 0
      ? [
          `${queue}: about ${hidden} more were hidden, because somebody else had received them. They are visible again within 15 minutes: look again then.`,
        ]
      : []),
  ]);
}

/** The types of a group, as many as a line holds. */
function typesText(types: Readonly<Record<string, number>>): string {
  const all = Object.entries(types).map(([type, count]) => `${type} (${count})`);
  return [...all.slice(0, 5), ...(all.length > 5 ? [`${all.length - 5} more types`] : [])].join(', ');
}

function span({ oldest, newest }: FailureGroup): string {
  const [from, to] = [minute(oldest), minute(newest)];
  return from === to ? from : `${from} to ${to}`;
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
