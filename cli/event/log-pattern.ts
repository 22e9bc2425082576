/** The fields that lines are searched by. */
export type SearchedField = 'id' | 'messageId';

/** The longest id that a line has whole (lambda/shared/log-fields.ts). */
const maxId = 200;

/** An id as a log line has it. */
export function loggedId(id: string): string {
  return id.length > maxId ? `${id.slice(0, maxId)}...` : id;
}

/**
 * A filter pattern that matches at least the lines that have an id. A pattern has no escapes, and `*` stands for anything:
 * of an id with such characters it takes the longest part without them, and the line must be compared.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterPattern(field: SearchedField, id: string): string {
  const logged = loggedId(id);
  const parts = logged.split(/["\\*]/);
  const longest = parts.reduce((one, other) => (other.length > one.length ? other : one), '');
  const text = parts.length === 1 ? logged : `*${longest}*`;
  return `{ $.${field} = "${text === '**' ? '*' : text}" }`;
}
