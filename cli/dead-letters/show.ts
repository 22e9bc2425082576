import { encodingAttribute } from '../../lambda/queued-event/attributes.ts';
import { escapeOf } from '../../lambda/shared/json.ts';
import type { Binding } from '../../lambda/zavu/binding.ts';
import { printable } from '../shared/printable.ts';
import { nobody } from './redrive-source.ts';
import { type Scope, type Survey, search } from './scan-queues.ts';
import { type Facts, factsOf, type StoredMessage } from './stored-message.ts';

/** A letter as it is shown. What may hold a customer's words is there only where it was asked for. */
export type Shown = Facts & {
  worker: string;
  /** How its queue holds it, where that is not the text. */
  encoding?: string;
  /** What the secrets that signed it are bound to. */
  boundTo?: readonly Binding[];
  /** What was signed; or, where the encoding is none that this code knows, what its queue holds. */
  body?: string;
  /** What `body` is. */
  bodyIs?: 'text' | 'base64' | 'encoded';
};

/** Looks for letters by the ids of their events, or their own. */
export async function show(scope: Scope, reveal: boolean): Promise<{ surveys: Survey[]; letters: Shown[] }> {
  const letters: Shown[] = [];
  const surveys = await search(scope, Number.POSITIVE_INFINITY, async (some, redriveSource) => {
    letters.push(
      ...some.map((letter) => ({
        worker: redriveSource.owner(letter) ?? nobody,
        ...factsOf(letter),
        ...origin(letter),
        ...(reveal ? revealed(letter) : {}),
      })),
    );
    return [];
  });
  return { surveys, letters };
}

export function showText({ body, bodyIs, boundTo, ...facts }: Shown): string {
  const rows = Object.entries({ ...facts, ...(boundTo ? { boundTo: boundText(boundTo) } : {}) });
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows
      .filter(([, value]) => value !== '')
      .map(([name, value]) => printable(`${name.padEnd(width)}  ${value}`)),
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
  encoded: ['Its encoding is none that this version knows. As the queue holds it:'],
};

/** A text as signed, fit for a terminal, and legible: what is not ASCII is written as JSON escapes it. */
function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, escapeOf);
}

function boundText(boundTo: readonly Binding[]): string {
  const words = boundTo.map(({ sender, project }) =>
    [sender && `sender ${sender}`, project && `project ${project}`].filter(Boolean).join(', '),
  );
  return words.join('; or ') || 'nothing that can be read';
}

function origin({ labels, boundTo }: StoredMessage): Pick<Shown, 'encoding' | 'boundTo'> {
  const { [encodingAttribute]: encoding } = labels;
  return { ...(encoding ? { encoding } : {}), ...(boundTo ? { boundTo } : {}) };
}

function revealed({ body, signed, labels, error }: StoredMessage): Pick<Shown, 'body' | 'bodyIs' | 'error'> {
  const told = labels.error ?? error;
  if (!signed) return { body, bodyIs: 'encoded', error: told };
  return 'text' in signed
    ? { body: signed.text, bodyIs: 'text', error: told }
    : { body: signed.base64, bodyIs: 'base64', error: told };
}
