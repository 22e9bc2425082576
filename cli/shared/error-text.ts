/**
 * What an error says, after its name if that tells more than `Error`: AWS's errors are looked up by their names. An
 * error without a message, such as Node's about several failed connections, says its code or its name.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  if (!message) return 'code' in error ? String(error.code) : name;
  return name === 'Error' ? message : `${name}: ${message}`;
}
