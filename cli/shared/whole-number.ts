import { UsageError } from './command.ts';

/**
 * Reads an option that is a whole number.
 *
 * @param option its name, with its dashes
 * @param max the greatest that it may be
 * @param min @default 1
 * @throws UsageError if it is no such number
 */
export function parseWholeNumber(option: string, text: string, max: number, min = 1): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min && number <= max)) {
    throw new UsageError(`${option} must be a whole number from ${min} to ${max}.`);
  }
  return number;
}
