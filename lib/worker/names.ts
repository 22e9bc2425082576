/**
 * A worker's name as its outputs, its alarms and its construct's id begin with it: `Inbound`.
 *
 * @param name of the worker, in lower case: `inbound`
 */
export function capitalize<Name extends string>(name: Name): Capitalize<Name> {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}` as Capitalize<Name>;
}
