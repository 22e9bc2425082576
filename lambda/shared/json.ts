/** Parses JSON from outside: undefined, which no JSON text gives, where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
