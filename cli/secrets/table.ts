import { isLive, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import type { Binding, SecretList } from './list.ts';

/** A secret as it may be shown: its last four characters. */
export function shown({ secret }: SigningSecret): string {
  return `…${secret.slice(-4)}`;
}

/** A secret and all that is said of it, in a line. */
export function titleOf(entry: SigningSecret): string {
  const parts = [
    entry.name,
    boundTo(entry) && `bound to ${boundTo(entry)}`,
    entry.until && `until ${entry.until}`,
  ];
  const more = parts.filter(Boolean).join(', ');
  return more ? `${shown(entry)} (${more})` : shown(entry);
}

/** The list as a table, one line for each secret and one of titles. */
export function tableOf(list: SecretList, now: number): string {
  const rows = list.map((entry) => [
    shown(entry),
    entry.name ?? '',
    boundTo(entry),
    entry.until ? `${isLive(entry, now) ? 'until' : 'expired'} ${entry.until}` : 'live',
  ]);
  const table = [['secret', 'name', 'bound to', 'state'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function boundTo({ sender, project }: Binding): string {
  return [sender, project].filter(Boolean).join(' of ');
}
