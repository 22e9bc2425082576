import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, 'samples');

/** The event types of which there is a sample: all of the catalogue. */
export const sampleTypes: readonly string[] = readdirSync(directory)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

/** Those that stand in Zavu's guide: their samples are byte for byte as printed there. */
export const guideTypes: readonly string[] = [
  'message.queued',
  'message.sent',
  'message.delivered',
  'message.failed',
  'message.inbound',
  'template.approved',
  'template.rejected',
];

/**
 * The sample of an event type: the guide's, or one made after what Zavu's SDK says of newer types.
 *
 * @throws Error naming the types that have one
 */
export function sample(type: string): string {
  if (!sampleTypes.includes(type)) {
    throw new Error(`No sample of "${type}". There are: ${sampleTypes.join(', ')}; or give a JSON file.`);
  }
  return readFileSync(join(directory, `${type}.json`), 'utf8').trimEnd();
}
