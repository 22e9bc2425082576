import { knownFields, type LogFields, type ValueOf, withFields } from '../shared/log-fields.ts';
import { isWord, placeholder } from '../shared/log-values.ts';
import { secretPrefix } from '../zavu/signing-secret.ts';

/** The kinds that a log field of your own may be of. */
const furtherKinds = ['word', 'id', 'number'] as const;

/** Log fields of your own, and the kind of each. */
export type FurtherFields = Readonly<Record<string, (typeof furtherKinds)[number]>>;

/** The known fields and further ones. One that is null or undefined is left out. */
export type FieldsWith<More extends FurtherFields> = LogFields & {
  [Name in keyof More]?: ValueOf<More[Name]> | null | undefined;
};

/** What each line has besides its fields. */
const lineParts = ['level', 'timestamp', 'message'] as const;

type KnownField = keyof LogFields | (typeof lineParts)[number];

const knownNames: ReadonlySet<string> = new Set([...Object.keys(knownFields), ...lineParts]);

/** Further fields as they are given; if they have a known name, the sentence that says so. */
export type Free<Fields> = string extends keyof Fields
  ? Fields
  : keyof Fields & KnownField extends never
    ? Fields
    : `A log line has ${keyof Fields & KnownField} already: choose another name`;

/** Thrown for a further log field that no logger can carry. */
export class LogFieldError extends Error {
  override readonly name = 'LogFieldError';
}

/** The names of further fields are words of the code, so that no text hides in one, and queries take them as they are. */
const fieldName = /^[A-Za-z]\w{0,39}$/;

/** So many that a line stays shorter than 16 KB. */
const maxFurther = 16;

/**
 * Gives the further fields of a logger with others added to them.
 *
 * @throws LogFieldError with a sentence that says which name or kind is wrong, and what is right
 */
export function furtherFields<More extends FurtherFields, Fields extends FurtherFields>(
  earlier: More,
  fields: Free<Fields>,
): More & Fields {
  for (const [name, kind] of Object.entries(fields)) {
    const problem = problemOf(name, kind, Object.hasOwn(earlier, name) ? earlier[name] : undefined);
    if (problem) throw new LogFieldError(problem);
  }
  // No name of theirs is a known one, so they are what was given.
  const all = { ...earlier, ...(fields as Fields) };
  const count = Object.keys(all).length;
  if (count > maxFurther) {
    throw new LogFieldError(
      `A logger carries ${maxFurther} further fields, and this one would have ${count}: keep those that you search for.`,
    );
  }
  return all;
}

/** What is wrong with a field, in a sentence. */
function problemOf(name: string, kind: unknown, earlier: string | undefined): string | undefined {
  if (!fieldName.test(name) || !isWord(name)) {
    return `${JSON.stringify(name.slice(0, 80))} cannot be a log field: its name has at most 40 letters, digits or _, and begins with neither a digit nor _.`;
  }
  if (knownNames.has(name)) {
    return `A log line has ${name} already, and alarms and queries may read it: choose another name.`;
  }
  if (!furtherKinds.some((known) => known === kind)) {
    return `The log field ${name} is of no known kind: give one of ${furtherKinds.join(', ')}.`;
  }
  if (earlier && earlier !== kind) {
    return `The log field ${name} is of the kind ${earlier} already: choose one kind for it.`;
  }
  return undefined;
}

/**
 * What no field of yours shows, although an id could look so: an e-mail address, a telephone number or a chat's id
 * (WhatsApp writes a number without its plus), a signing secret.
 */
const confidential = new RegExp(`@|\\+\\d{7}|^\\d{8,}$|${secretPrefix}`);

/** Adds known fields and further ones to a line, as `withFields` does. */
export function withFurtherFields<More extends FurtherFields>(
  line: Record<string, unknown>,
  given: FieldsWith<More>,
  further: More,
): Record<string, unknown> {
  withFields(line, given, { ...further, ...knownFields });
  for (const name of Object.keys(further)) {
    const value = Object.hasOwn(line, name) ? line[name] : undefined;
    if (typeof value === 'string' && confidential.test(value)) line[name] = placeholder(value);
  }
  return line;
}
