import { readFileSync, writeFileSync } from 'node:fs';
import type { LocalState } from '../../local/state.ts';

/**
 * Writes a state file like the one of a stack, but changed: a command that reads it finds another stack.
 *
 * @param name of the file, behind the name of the stack's own
 * @returns its path
 */
export function changedStateFile(
  { stateFile }: { stateFile: string },
  name: string,
  change: (state: LocalState) => void,
): string {
  const state: LocalState = JSON.parse(readFileSync(stateFile, 'utf8'));
  change(state);
  const file = `${stateFile}.${name}`;
  writeFileSync(file, JSON.stringify(state));
  return file;
}
