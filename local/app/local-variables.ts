import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { withoutMark } from '../../lambda/shared/json.ts';
import type { LocalVariables } from '../deployment/local-variables.ts';

/** The file with the variables that are for this machine alone. It belongs into .gitignore. */
const file = '.env.local';

/**
 * Reads the variables of the user for what runs here. A secret's text may stand in the file or in the environment,
 * which wins. Variables of functions stand in the file alone, because on AWS those of a shell reach no function.
 *
 * @param folder of the app
 * @param environment of the local run
 */
export function readLocalVariables(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): LocalVariables {
  const path = join(folder, file);
  const ofFile = existsSync(path) ? parseEnv(withoutMark(readFileSync(path, 'utf8'))) : {};
  return { ofFile, ofSecrets: { ...ofFile, ...environment } };
}
