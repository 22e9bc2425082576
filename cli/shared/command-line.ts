import { pastedWord } from '../../local/pasted-word.ts';
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
  const all = [...words, ...given].map((word) => pastedWord(word, platform));
  return ['npx zavu-webhooks', name, ...all].join(' ');
}
