import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What a local run of the end-to-end tests' app and the commands consist of. */
const parts = [
  'bin',
  'lambda',
  'lib',
  'local',
  'cli',
  'test/e2e',
  'test/support',
  'cdk.json',
  'package.json',
];

/** A copy of this project whose code a test may change. */
export interface ProjectCopy {
  directory: string;
  remove(): void;
}

/** Copies this project, without its dependencies, which the copy shares. */
export function copyProject(): ProjectCopy {
  const directory = mkdtempSync(join(tmpdir(), 'zavu-copy-'));
  for (const part of parts) cpSync(join(root, part), join(directory, part), { recursive: true });
  // Windows lets everybody make a junction, and few a symbolic link.
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
  // A link is removed, and not what it leads to.
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}
