import type { DeploymentChoice } from '../shared/stack-name.ts';

/**
 * A command on the same deployment, to be pasted into a shell.
 *
 * @param name what it is called after `npx zavu-webhooks`
 * @param words its arguments
 */
export function commandLine(name: string, words: readonly string[], deployment: DeploymentChoice): string {
  const given = Object.entries(deployment).flatMap(([option, value]) =>
    value ? [`--${option}`, value] : [],
  );
  const all = [...words, ...given].map(quoted);
  return ['npx zavu-webhooks', name, ...all].join(' ');
}

/** A word as a shell reads it. Ids and types come from outside. */
function quoted(word: string): string {
  return /^[\w.,:/=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
