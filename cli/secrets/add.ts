import { readSecret } from './input.ts';
import { addEntry, isPlaceholder, parseList, serializeList } from './list.ts';
import type { SecretsResult } from './result.ts';
import type { SecretStore } from './store.ts';
import { describeSecret, maskSecret } from './table.ts';

interface AddOptions {
  name?: string | undefined;
  bindSender?: string | undefined;
  bindProject?: string | undefined;
}

/** Adds a secret that is read from standard input, or asked for. */
export async function addSecret(
  store: SecretStore,
  { name, bindSender: sender, bindProject: project }: AddOptions,
): Promise<SecretsResult> {
  const fields = {
    ...(name === undefined ? {} : { name }),
    ...(sender === undefined ? {} : { sender }),
    ...(project === undefined ? {} : { project }),
  };
  const entry = { secret: await readSecret(), ...fields };
  let isFirst = false;
  await store.edit((text) => {
    isFirst ||= isPlaceholder(text);
    return serializeList(addEntry(parseList(text, Date.now()), entry));
  });
  return {
    text: `Stored ${describeSecret(entry)}${isFirst ? ', in place of the random text that the stack began with' : ''}.`,
    json: { stored: { secret: maskSecret(entry), ...fields } },
  };
}
