import { encodingAttribute } from '../../lambda/queued-event/attributes.ts';
import type { Binding } from '../../lambda/zavu/binding.ts';
import { printable } from '../../local/printable.ts';
import { escaped } from '../shared/escaped.ts';
import { table } from '../shared/table.ts';
import { type Query, type ScanResult, scanQueues } from './scan-queues.ts';
import { type MessageSummary, messageSummary, type StoredMessage } from './stored-message.ts';

/** A message as it is shown. Fields that may hold a customer's words are there only if they were asked for. */
export type ShownMessage = MessageSummary & {
  /** How its queue holds the body, if that is not the text itself. */
  encoding?: string;
  /** What the secrets that signed it are bound to. */
  boundTo?: readonly Binding[];
  /** What was signed; or, if this code does not know the encoding, what its queue holds. */
  body?: string;
  /** What `body` is. */
  bodyIs?: 'text' | 'base64' | 'encoded';
};

/**
 * Looks for the messages that fit the filter.
 *
 * @param reveal gives bodies, and errors with their messages: they hold what a customer wrote
 */
export async function show(
  query: Query,
  reveal: boolean,
): Promise<{ scans: ScanResult[]; messages: ShownMessage[] }> {
  const shown: ShownMessage[] = [];
  const scans = await scanQueues(query, Number.POSITIVE_INFINITY, async (messages) => {
    for (const message of messages) {
      shown.push({ ...messageSummary(message), ...origin(message), ...(reveal ? revealed(message) : {}) });
    }
    return [];
  });
  return { scans, messages: shown };
}

/** A message for a person: its fields, one a line, and its body if it was revealed. */
export function showText({ body, bodyIs, boundTo, ...summary }: ShownMessage): string {
  const rows = Object.entries({ ...summary, ...(boundTo ? { boundTo: boundText(boundTo) } : {}) });
  return [
    table(
      [],
      rows.filter(([, value]) => value !== '').map(([name, value]) => [name, printable(value)]),
    ),
    '',
    ...(body === undefined
      ? ['The body and the error in full may hold texts and phone numbers: --reveal shows them.']
      : [...(bodyIs ? notes[bodyIs] : []), escaped(body)]),
  ].join('\n');
}

/** What is said of a body before it is shown. */
const notes = {
  text: [],
  base64: ['Its bytes are no text. In base64:'],
  encoded: ['This version does not know its encoding. As the queue holds it:'],
};

function boundText(boundTo: readonly Binding[]): string {
  const words = boundTo.map(({ sender, project }) =>
    [sender && `sender ${sender}`, project && `project ${project}`].filter(Boolean).join(', '),
  );
  return words.join('; or ') || 'nothing that can be read';
}

function origin({ attributes, boundTo }: StoredMessage): Pick<ShownMessage, 'encoding' | 'boundTo'> {
  const { [encodingAttribute]: encoding } = attributes;
  return { ...(encoding ? { encoding } : {}), ...(boundTo ? { boundTo } : {}) };
}

function revealed(message: StoredMessage): Pick<ShownMessage, 'body' | 'bodyIs' | 'error'> {
  const { body, signed } = message;
  const error = message.attributes.error ?? message.error;
  if (!signed) return { body, bodyIs: 'encoded', error };
  return 'text' in signed
    ? { body: signed.text, bodyIs: 'text', error }
    : { body: signed.base64, bodyIs: 'base64', error };
}
