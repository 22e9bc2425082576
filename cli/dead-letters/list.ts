import Table from 'cli-table3';
import type { DeploymentChoice } from '../shared/deployment.ts';
import { printable } from '../shared/printable.ts';
import { type Group, groupLetters, type Owned } from './groups.ts';
import { commandLine, nextStep } from './next-step.ts';
import { type Kind, nobody } from './redrive-source.ts';
import { type Scope, type Survey, search } from './scan-queues.ts';
import { type Facts, factsOf } from './stored-message.ts';

export interface List {
  surveys: Survey[];
  groups: Group[];
  letters: Owned[];
  /** When the first of them is deleted by its queue, where that says so: ISO 8601. */
  firstGone: string | undefined;
}

/**
 * Looks at all letters that are meant.
 *
 * @param reveal gives errors with their messages, which may quote what a customer wrote
 */
export async function list(scope: Scope, kind: Kind, reveal: boolean): Promise<List> {
  const letters: Owned[] = [];
  const surveys = await search(scope, Number.POSITIVE_INFINITY, async (some, redriveSource) => {
    for (const letter of some) {
      const error = reveal ? (letter.labels.error ?? letter.error) : letter.error;
      // With no reason named, as `redrive --all` goes.
      const destination = redriveSource.destination(letter, []);
      const stays = 'stays' in destination ? { stays: destination.stays } : {};
      letters.push({ worker: redriveSource.owner(letter) ?? nobody, ...factsOf(letter), error, ...stays });
    }
    return [];
  });
  return {
    surveys,
    groups: groupLetters(letters, kind.workers),
    letters,
    firstGone: firstGone(surveys, letters),
  };
}

function firstGone(surveys: readonly Survey[], letters: readonly Facts[]): string | undefined {
  const retention = surveys.flatMap(({ retentionSeconds }) => retentionSeconds ?? []);
  if (letters.length === 0 || retention.length === 0) return undefined;
  // Not Math.min(...), which takes so many arguments only.
  const first = letters.reduce(
    (least, { sentAt }) => Math.min(least, Date.parse(sentAt)),
    Number.POSITIVE_INFINITY,
  );
  return new Date(first + Math.min(...retention) * 1000).toISOString();
}

/** A list for a person: groups, each with its next step. */
export function listText({ groups, firstGone }: List, kind: Kind, deployment: DeploymentChoice): string {
  const newest = groups.toSorted((a, b) => Date.parse(b.newest) - Date.parse(a.newest))[0];
  if (!newest) return `No ${kind.noun}s.`;
  const sections = groups.map((group, index) => {
    const { why, command } = nextStep(group, kind, deployment);
    const code = group.codeVersions.length > 0 ? `, code ${group.codeVersions.join(', ')}` : '';
    const isNewWorker = groups[index - 1]?.worker !== group.worker;
    const ofWorker = groups.filter(({ worker }) => worker === group.worker);
    const total = ofWorker.reduce((sum, { count }) => sum + count, 0);
    return [
      ...(isNewWorker ? [`${group.worker}: ${counted(total, kind.noun)}`, ''] : []),
      `  ${headline(group, kind)}`,
      `    ${typesText(group.types)}${code}`,
      `    ${span(group)}`,
      `    ${why}`,
      `      ${command}`,
      '',
    ]
      .map(printable)
      .join('\n');
  });
  return [
    ...sections,
    `${firstGone ? `The first is gone for good at ${minute(firstGone)}. ` : ''}Look at one:`,
    printable(`  ${commandLine(kind, deployment, 'show', '--id', newest.example)}`),
  ].join('\n');
}

/** The single letters of a list, the latest first. */
export function detailsText({ letters }: List): string {
  const table = new Table({
    head: ['worker', 'id', 'type', 'reason', 'attempts', 'failed at'],
    // Plain columns: no frame, no colours.
    chars: Object.fromEntries(frame.map((part) => [part, ''])),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  const latestFirst = letters.toSorted((a, b) => Date.parse(b.failedAt) - Date.parse(a.failedAt));
  for (const { worker, id, type, reason, attempts, failedAt } of latestFirst) {
    table.push([worker, id, type, reason, attempts, minute(failedAt)].map(printable));
  }
  return table.toString();
}

const frame = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];

/** What a search did not see, in sentences. */
export function remarks(surveys: readonly Survey[], limit: number): string[] {
  return surveys.flatMap(({ queue, complete, seen, hidden }) => [
    ...(complete
      ? []
      : [
          `${queue}: only ${seen} were looked at${seen >= limit ? ` (--limit ${limit})` : ''}; there may be more.`,
        ]),
    ...(hidden > 0
      ? [
          `${queue}: about ${hidden} more were in somebody else's hands. Those come back within 15 minutes: look again then.`,
        ]
      : []),
  ]);
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function headline({ count, reason, error }: Group, { command }: Kind): string {
  if (command === 'unrouted') return `${count} x ${reason === 'none' ? 'unrouted' : reason}`;
  return `${count} x ${reason === 'none' ? 'no reason' : reason}${error === 'none' ? '' : `, error ${error}`}`;
}

/** The types of a group, as many as a line holds. */
function typesText(types: Readonly<Record<string, number>>): string {
  const all = Object.entries(types).map(([type, count]) => `${type} (${count})`);
  return [...all.slice(0, 5), ...(all.length > 5 ? [`${all.length - 5} more types`] : [])].join(', ');
}

function span({ oldest, newest }: Group): string {
  const [from, to] = [minute(oldest), minute(newest)];
  return from === to ? from : `${from} to ${to}`;
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
