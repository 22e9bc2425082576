import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isRecord, parseJson } from '../../lambda/shared/json.ts';
import { sample } from '../../lambda/zavu/samples.ts';
import { UsageError } from '../shared/command.ts';
import { errorText } from '../shared/error-text.ts';

/**
 * Reads an event from a file, or takes a sample.
 *
 * @param source a file, or an event type
 * @throws UsageError if it is neither
 */
export function readEvent(source: string): string {
  if (existsSync(source)) return readFileSync(source, 'utf8');
  try {
    return sample(source);
  } catch (error) {
    throw new UsageError(errorText(error), { cause: error });
  }
}

/**
 * Gives an event a new id and the present time.
 *
 * @throws UsageError if it is no JSON object
 */
export function renew(body: string): string {
  const now = Date.now();
  const event = parseJson(body);
  if (!isRecord(event)) throw new UsageError('--fresh needs a JSON object, and the file holds none.');
  return JSON.stringify({ ...event, id: `evt_${now}_${randomBytes(4).toString('hex')}`, timestamp: now });
}
