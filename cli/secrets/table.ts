import type { Binding } from '../../lambda/zavu/binding.ts';
import { isLive, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { table } from '../shared/table.ts';

/** A secret as it may be shown: its last four characters. */
export function maskSecret({ secret }: SigningSecret): string {
  return `…${secret.slice(-4)}`;
}

/** An entry in one line: its masked secret, name, binding and end. */
export function describeSecret(entry: SigningSecret): string {
  const parts = [
    entry.name,
    describeBinding(entry) && `bound to ${describeBinding(entry)}`,
    entry.expiresAt && `until ${entry.expiresAt}`,
  ];
  const details = parts.filter(Boolean).join(', ');
  return details ? `${maskSecret(entry)} (${details})` : maskSecret(entry);
}

/**
 * The list as a table, one line for each entry.
 *
 * @param now milliseconds since the epoch
 */
export function secretsTable(list: readonly SigningSecret[], now: number): string {
  const rows = list.map((entry) => [
    maskSecret(entry),
    entry.name ?? '',
    describeBinding(entry),
    entry.expiresAt ? `${isLive(entry, now) ? 'until' : 'expired'} ${entry.expiresAt}` : 'live',
  ]);
  return table(['secret', 'name', 'bound to', 'state'], rows);
}

/** Says what a secret is bound to; an empty text if it is not bound. */
function describeBinding({ sender, project }: Binding): string {
  return [sender && `sender ${sender}`, project && `project ${project}`].filter(Boolean).join(' and ');
}
