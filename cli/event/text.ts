import { printable } from '../../local/printable.ts';
import { commandLine } from '../shared/command-line.ts';
import { escaped } from '../shared/escaped.ts';
import type { DeploymentChoice } from '../shared/stack-name.ts';
import { table } from '../shared/table.ts';
import { type EventAccount, isKnown } from './account.ts';
import type { IdempotencyRecord } from './idempotency-records.ts';
import type { NotAsked } from './inquiry.ts';
import { lineText } from './line-text.ts';
import { nextStep } from './next-step.ts';
import { begin } from './story.ts';

/** How something is shown. */
export interface Display {
  /** Whether texts and phone numbers are shown. */
  reveal: boolean;
  /** How wide a line may be. @default as wide as the terminal */
  columns?: number | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  /** The deployment that a person named, for commands to paste. */
  choice: DeploymentChoice;
}

/** What is known of an event, for a person. */
export function eventText(account: EventAccount, display: Display): string {
  const { id, story, archived, messageIds, items, records, notAsked } = account;
  const { reveal, choice, now } = display;
  const next = nextStep(account, now);
  const type = story.type ?? archived?.type;
  const headline = isKnown(account)
    ? `${id}${type ? `, ${type}` : ''}: ${story.outcome ?? 'not in the logs'}`
    : `Nothing is known of ${id}.`;
  const facts = [
    ...records.map((record) => ['record', recordText(record)]),
    ...(archived ? [['archive', `${archived.key}, received at ${archived.receivedAt}`]] : []),
    ...items.map(({ messageId, status }) => ['message', `${messageId}, ${status}`]),
  ];
  return [
    printable(headline),
    spanText(account),
    ...(story.lines.length > 0 ? ['', timeline(account, display)] : []),
    ...(facts.length > 0 ? ['', table([], facts.map(printableRow), { columns: display.columns })] : []),
    ...(archived && reveal ? ['', 'As it was signed:', escaped(archived.text)] : []),
    ...notAskedText(notAsked),
    '',
    printable(next.text),
    ...(next.command ? [printable(`  ${commandLine(...next.command, choice)}`)] : []),
    ...(messageIds.length > 0 ? ['', 'What is known of its message:'] : []),
    ...messageIds.map((messageId) => printable(`  ${commandLine('message', [messageId], choice)}`)),
  ].join('\n');
}

/** Which time was searched. */
export function spanText({ from, to }: Pick<EventAccount, 'from' | 'to'>): string {
  const end = to === undefined ? 'now' : new Date(to).toISOString();
  return `The logs were searched from ${new Date(from).toISOString()} to ${end} (--from, --to).`;
}

/** The sources that were not asked, a line each, after an empty one. */
export function notAskedText(notAsked: readonly NotAsked[]): string[] {
  const lines = notAsked.map(({ source, why }) => printable(`Not asked: ${source}. ${why}`));
  return lines.length > 0 ? ['', ...lines] : [];
}

export function printableRow(row: readonly string[]): string[] {
  return row.map(printable);
}

function timeline({ story }: EventAccount, display: Display): string {
  const rows = story.lines.map((line) => [
    new Date(begin(line)).toISOString(),
    line.part,
    lineText(line, display.reveal),
  ]);
  return table(['time', 'part', 'what happened'], rows.map(printableRow), { columns: display.columns });
}

function recordText({ step, replay, status, expiresAt }: IdempotencyRecord): string {
  const run = replay === undefined ? '' : ` in the forced replay ${replay}`;
  return `${step}${run}: ${status}${expiresAt ? `, kept until ${expiresAt}` : ''}`;
}
