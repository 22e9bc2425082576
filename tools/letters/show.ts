import { printable } from '../printable.ts';
import { type Facts, factsOf, type Letter } from './letter.ts';
import { type Scope, type Survey, search } from './search.ts';
import { nobody } from './shelf.ts';

/** A letter as it is shown. What may hold a customer's words is there only where it was asked for. */
export type Shown = Facts & { worker: string; body?: string };

/** Looks for letters by the ids of their events, or their own. */
export async function show(scope: Scope, reveal: boolean): Promise<{ surveys: Survey[]; letters: Shown[] }> {
  const letters: Shown[] = [];
  const surveys = await search(scope, Number.POSITIVE_INFINITY, async (some, shelf) => {
    letters.push(
      ...some.map((letter) => ({
        worker: shelf.owner(letter) ?? nobody,
        ...factsOf(letter),
        ...(reveal ? revealed(letter) : {}),
      })),
    );
    return [];
  });
  return { surveys, letters };
}

export function showText({ body, ...facts }: Shown): string {
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  const rows = Object.entries(facts)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => printable(`${name.padEnd(width)}  ${value}`));
  const hint = 'The body and the error in full may hold texts and phone numbers: --reveal shows them.';
  return [...rows, '', body === undefined ? hint : printable(body)].join('\n');
}

function revealed({ body, text, labels, error }: Letter): { body: string; error: string } {
  return { body: text ?? body, error: labels.error ?? error };
}
