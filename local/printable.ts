/**
 * A text from outside, fit for a terminal. Only printable ASCII stays: control characters (C1 too) could move the
 * cursor or hide the rest, and bidi marks show it in another order.
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
