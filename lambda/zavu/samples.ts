import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, 'samples');

/** The event types that have a sample: all of the catalogue. */
export const sampleTypes: readonly string[] = readdirSync(directory)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

/**
 * The sample of an event type, from Zavu's webhook guide or, for a newer type, made after what Zavu's SDK says about
 * it.
 *
 * @throws Error naming the types that have one
 */
export function sample(type: string): string {
  if (!sampleTypes.includes(type)) {
    throw new Error(`No sample of "${type}". There are: ${sampleTypes.join(', ')}; or give a JSON file.`);
  }
  return readFileSync(join(directory, `${type}.json`), 'utf8').trimEnd();
}
