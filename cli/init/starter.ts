import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The package's own folder, of the sources and of what is compiled alike. */
const ownFolder = dirname(createRequire(import.meta.filename).resolve('zavu-webhooks/package.json'));

/** The files of a new app, as they are written. */
export const starterFiles = [
  'package.json',
  'pnpm-workspace.yaml',
  'cdk.json',
  'tsconfig.json',
  '.gitignore',
  '.github/workflows/webhooks.yml',
  'bin/app.ts',
  'bin/prerequisites.mjs',
  'lambda/handlers.ts',
  'lambda/handlers/message-inbound.ts',
  'test/message-inbound.test.ts',
] as const;
export type StarterFile = (typeof starterFiles)[number];

/** A file of the starter. */
export function readStarter(file: StarterFile): string {
  // A package takes no file of this name along.
  const stored = file === '.gitignore' ? 'gitignore' : file;
  return readFileSync(join(ownFolder, 'templates/starter', stored), 'utf8');
}

/** The package's own package.json, whose versions were tested together. */
export interface Manifest {
  version: string;
  peerDependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
}

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(ownFolder, 'package.json'), 'utf8'));
}

/**
 * Writes a file, unless there is one.
 *
 * @returns a line that says which of them
 */
export function writeOnce(folder: string, file: string, text: string): string {
  const path = join(folder, file);
  if (existsSync(path)) return `  left     ${file}: it is there`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: 'wx' });
  return `  written  ${file}`;
}
