import { escapeOf } from '../../lambda/shared/json.ts';

/** A text of a customer, fit for a terminal, and legible: what is not ASCII is written as JSON escapes it. */
export function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, escapeOf);
}
