/**
 * Reads the API keys of a secret: one key, or one a line, each of another project.
 *
 * @throws Error if there is none, or if a line is no API key of Zavu
 */
export function parseApiKeys(text: string): string[] {
  const keys = text.split(/\s+/).filter((key) => key !== '');
  // The text that the secret has at first is no key.
  if (keys.length === 0 || keys.some((key) => !isApiKey(key))) {
    throw new Error(
      'There is no API key of Zavu in the secret. Store it: `npx zavu-webhooks secrets api-key`.',
    );
  }
  return [...new Set(keys)];
}

/** Whether a text looks like an API key of Zavu. */
export function isApiKey(text: string): boolean {
  return /^zv_[a-z]+_[\w-]{1,200}$/.test(text);
}
