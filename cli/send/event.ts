import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isRecord, parseJson, withoutMark } from '../../lambda/shared/json.ts';
import { sample, sampleTypes } from '../../lambda/zavu/samples.ts';
import { nearest } from '../../lib/nearest.ts';
import { UsageError } from '../shared/command.ts';
import { setField } from './field.ts';

interface EventOptions {
  /** Whether it gets a new id and the present time. */
  isFresh: boolean;
  /** Fields that are changed: `path=value`. */
  changes: readonly string[];
}

/**
 * The event that is posted. A sample gets the present time and keeps its id, so that a second one is a duplicate. A file
 * is posted as it is. An event that is changed is another event, with an id of its own unless `id` is set.
 *
 * @param source a file, or an event type
 * @throws UsageError if it is neither, with the nearest type, if there is no such field, or if the file to change holds no JSON object
 */
export function eventToSend(source: string, { isFresh, changes }: EventOptions, now = Date.now()): string {
  const isFile = existsSync(source);
  const text = isFile ? readFileSync(source, 'utf8') : sampleOf(source);
  const isOther = isFresh || changes.length > 0;
  if (isFile && !isOther) return text;
  const event = parseJson(withoutMark(text));
  if (!isRecord(event))
    throw new UsageError('--fresh and --set need a JSON object, and the file holds none.');
  const id = isOther ? { id: `evt_${now}_${randomBytes(4).toString('hex')}` } : {};
  const renewed = { ...event, ...id, timestamp: now };
  return JSON.stringify(changes.reduce<Record<string, unknown>>(setField, renewed));
}

function sampleOf(type: string): string {
  if (sampleTypes.includes(type)) return sample(type);
  const near = nearest(type, sampleTypes);
  throw new UsageError(
    `No sample of "${type}".${near ? ` Did you mean ${near}?` : ''} There are: ${sampleTypes.join(', ')}; or give a JSON file.`,
  );
}
