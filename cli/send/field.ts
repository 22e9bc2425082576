import { isRecord, parseJson } from '../../lambda/shared/json.ts';
import { nearest } from '../../lib/nearest.ts';
import { UsageError } from '../shared/command.ts';

/**
 * An event with one field changed. A field that holds a text gets a text. Any other gets the value as JSON, or as a text
 * if it is no JSON.
 *
 * @param change `path=value`, such as `data.from=+56911111111`
 * @returns a copy
 * @throws UsageError if the event has no such field, with the nearest one
 */
export function setField(event: Record<string, unknown>, change: string): Record<string, unknown> {
  const at = change.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes path=value, such as data.text=Hola, not "${change}".`);
  const path = change.slice(0, at);
  const known = pathsOf(event);
  if (!known.includes(path)) {
    const near = nearest(path, known);
    throw new UsageError(
      `The event has no field "${path}".${near ? ` Did you mean ${near}?` : ''} It has: ${known.join(', ')}.`,
    );
  }
  return replaced(event, path.split('.'), change.slice(at + 1));
}

function replaced(
  record: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  text: string,
): Record<string, unknown> {
  const before = record[name];
  if (rest.length > 0 && isRecord(before)) return { ...record, [name]: replaced(before, rest, text) };
  return { ...record, [name]: typeof before === 'string' ? text : (parseJson(text) ?? orNull(text)) };
}

function orNull(text: string): string | null {
  return text === 'null' ? null : text;
}

function pathsOf(record: Record<string, unknown>, before = ''): string[] {
  return Object.entries(record).flatMap(([name, value]) => [
    `${before}${name}`,
    ...(isRecord(value) ? pathsOf(value, `${before}${name}.`) : []),
  ]);
}
