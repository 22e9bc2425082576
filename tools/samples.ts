import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, 'samples');

/** The event types of which there is a sample: those of Zavu's guide, byte for byte as printed there. */
export const sampleTypes: readonly string[] = readdirSync(directory)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

/**
 * The guide's sample of an event type.
 *
 * @throws Error naming the types that have one
 */
export function sample(type: string): string {
  if (!sampleTypes.includes(type)) {
    throw new Error(`No sample of "${type}". There are: ${sampleTypes.join(', ')}; or give a JSON file.`);
  }
  return readFileSync(join(directory, `${type}.json`), 'utf8').trimEnd();
}
