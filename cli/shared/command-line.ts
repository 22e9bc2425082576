import type { DeploymentChoice } from './stack-name.ts';

/**
 * A command on the same deployment, to be pasted into a shell.
 *
 * @param name what it is called after `npx zavu-webhooks`
 * @param words its arguments
 * @param platform whose shell it is, as `process.platform` names it
 */
export function commandLine(
  name: string,
  words: readonly string[],
  deployment: DeploymentChoice,
  platform: NodeJS.Platform = process.platform,
): string {
  const given = Object.entries(deployment).flatMap(([option, value]) =>
    value ? [`--${option}`, value] : [],
  );
  const all = [...words, ...given].map((word) => quoted(word, platform));
  return ['npx zavu-webhooks', name, ...all].join(' ');
}

/** A word as a shell reads it, PowerShell on Windows. Ids and types come from outside. */
function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w.:/=-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", platform === 'win32' ? "''" : `'\\''`)}'`;
}
