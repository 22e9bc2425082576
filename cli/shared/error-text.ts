/**
 * What an error says. If it has no message, as Node's error about several failed connections, its code or its name.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return error.message || code || error.name;
}
