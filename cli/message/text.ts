import { printable } from '../../local/printable.ts';
import { lineText } from '../event/line-text.ts';
import type { MessageItem } from '../event/message-items.ts';
import { begin } from '../event/story.ts';
import { type Display, notAskedText, printableRow, spanText } from '../event/text.ts';
import { commandLine } from '../shared/command-line.ts';
import { escaped } from '../shared/escaped.ts';
import { table } from '../shared/table.ts';
import { isKnown, type MessageAccount } from './account.ts';

/** Whether a customer wrote it, or it was sent to one. */
export function directionOf({ reports }: Pick<MessageItem, 'reports'>): 'inbound' | 'outbound' {
  return reports.received || reports.unsupported ? 'inbound' : 'outbound';
}

/** What is known of a message, for a person. */
export function messageText(account: MessageAccount, display: Display): string {
  const { id, items, lines, eventIds, notAsked } = account;
  return [
    ...(isKnown(account) ? [] : [printable(`Nothing is known of the message ${id}.`)]),
    ...items.flatMap((item) => [itemText(id, item, display), '']),
    ...(items.length === 0 && isKnown(account) ? [printable(`${id} has no item.`), ''] : []),
    ...(lines.length > 0 ? [logTable(lines, display), ''] : []),
    spanText(account),
    ...notAskedText(notAsked),
    ...(eventIds.length > 0
      ? [
          '',
          'What has become of each event:',
          ...eventIds.map((eventId) => printable(`  ${commandLine('event', [eventId], display.choice)}`)),
        ]
      : []),
    ...(isKnown(account) ? [] : ['', 'Search further back with --from, or look for the message in Zavu.']),
  ].join('\n');
}

function itemText(id: string, item: MessageItem, { reveal }: Display): string {
  const { status, channel, errorCode, projectId, senderId, reports, expiresAt } = item;
  const headline = [
    `${id}, ${directionOf(item)}${channel ? `, ${channel}` : ''}: ${status}`,
    ...(errorCode ? [`, error ${errorCode}`] : []),
  ].join('');
  const owner = [projectId && `project ${projectId}`, senderId && `sender ${senderId}`].filter(Boolean);
  const steps = Object.entries(reports).toSorted(([, one], [, other]) => one.at - other.at);
  const contents = steps.flatMap(([step, { data }]) =>
    data === undefined ? [] : [escaped(`${step}: ${data}`)],
  );
  return [
    headline,
    ...(owner.length > 0 ? [`of ${owner.join(', ')}`] : []),
    ...(expiresAt ? [`kept until ${new Date(expiresAt * 1_000).toISOString()}`] : []),
    '',
    table(
      ['time', 'status', 'channel', 'error', 'event'],
      steps.map(([step, { at, channel: by = '', errorCode: code = '', eventId }]) =>
        printableRow([new Date(at).toISOString(), step, by, code, eventId]),
      ),
    ),
    ...(reveal ? contents : []),
    ...(contents.length > 0 && !reveal
      ? ['The contents may hold texts and phone numbers: --reveal shows them.']
      : []),
  ]
    .map((line) => line.split('\n').map(printable).join('\n'))
    .join('\n');
}

function logTable(lines: MessageAccount['lines'], display: Display): string {
  const rows = lines.map((line) => [
    new Date(begin(line)).toISOString(),
    line.part,
    [line.fields.type, lineText(line, display.reveal)].filter(Boolean).join(': '),
  ]);
  return table(['time', 'part', 'logged'], rows.map(printableRow), { columns: display.columns });
}
