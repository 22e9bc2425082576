import type { LogLine } from './log-line.ts';

/** Fields that the sentence says, or that the table has in columns of their own. */
const said = new Set([
  ...['id', 'type', 'worker', 'project', 'trace', 'requestId', 'attempt', 'replay', 'outcome', 'reason'],
  'reconciled',
  ...['scheme', 'status', 'ms', 'retryInSeconds', 'error', 'at'],
]);

/**
 * What a line says, in words.
 *
 * @param reveal whether fields outside the allow-list are shown, which may hold texts and phone numbers
 */
export function lineText(line: LogLine, reveal: boolean): string {
  const { message, fields, others } = line;
  const hidden = Object.entries(others);
  return [
    ...(fields.replay === undefined ? [] : [`forced replay ${fields.replay}`]),
    ...(fields.reconciled === undefined ? [] : ['reconciled']),
    ...(fields.outcome === undefined ? otherWords(message, fields) : outcomeWords(fields)),
    ...pairs(Object.entries(fields).filter(([name]) => !said.has(name))),
    ...(reveal ? pairs(hidden) : []),
    ...(hidden.length > 0 && !reveal ? [`${hidden.length} more: --reveal`] : []),
  ].join(', ');
}

function outcomeWords(fields: LogLine['fields']): string[] {
  const { outcome, attempt, reason, worker, scheme, ms, retryInSeconds } = fields;
  // The receiver's line names the worker that it queued the event for.
  const isReceived = outcome === 'queued' || outcome === 'unrouted';
  return [
    [
      attempt === undefined ? '' : `attempt ${attempt}: `,
      outcome,
      outcome === 'queued' ? ` for ${worker}` : '',
      reason === undefined ? '' : ` (${reason})`,
      ms === undefined ? '' : ` in ${ms} ms`,
    ].join(''),
    ...(isReceived && scheme !== undefined ? [`signed with ${scheme}`] : []),
    ...errorWords(fields),
    ...(retryInSeconds === undefined ? [] : [`again in ${retryInSeconds} s`]),
  ];
}

function otherWords(message: string, fields: LogLine['fields']): string[] {
  const { attempt, reason, ms } = fields;
  return [
    `${attempt === undefined ? '' : `attempt ${attempt}: `}${message}${reason === undefined ? '' : ` (${reason})`}`,
    ...(ms === undefined ? [] : [`${ms} ms`]),
    ...errorWords(fields),
  ];
}

/** The class of an error, and the first frame of its stack. */
function errorWords({ error, at }: LogLine['fields']): string[] {
  const [frame] = Array.isArray(at) ? at : [];
  return [...(error === undefined ? [] : [String(error)]), ...(frame === undefined ? [] : [String(frame)])];
}

function pairs(entries: readonly (readonly [string, unknown])[]): string[] {
  return entries.map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}
