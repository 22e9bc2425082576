import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Content by path. */
type Files = Readonly<Record<string, string>>;

/** A package's files, and the names of those that it depends on. */
export interface Package {
  files: Files;
  dependencies?: readonly string[];
}

/** What a user's folder holds: files of their own, and packages by name. */
export interface Project {
  files: Files;
  packages?: Readonly<Record<string, Package>>;
}

/** Writes a project as npm installs it: every package lies flat in node_modules. */
export function npmLayout(root: string, { files, packages = {} }: Project): void {
  write(root, files);
  for (const [name, { files }] of Object.entries(packages)) write(join(root, 'node_modules', name), files);
}

/**
 * Writes a project as pnpm installs it: each package lies in a folder of its own below node_modules/.pnpm, beside
 * links to what it depends on, and node_modules holds links (https://pnpm.io/symlinked-node-modules-structure).
 */
export function pnpmLayout(root: string, { files, packages = {} }: Project): void {
  write(root, files);
  const store = (name: string) => join(root, 'node_modules/.pnpm', `${name}@1.0.0`, 'node_modules');
  for (const [name, { files }] of Object.entries(packages)) write(join(store(name), name), files);
  for (const [name, { dependencies = [] }] of Object.entries(packages)) {
    link(join(store(name), name), join(root, 'node_modules', name));
    for (const other of dependencies) link(join(store(other), other), join(store(name), other));
  }
}

/** Writes a project as the root of workspaces: the packages lie outside node_modules, which holds links. */
export function workspaceLayout(root: string, { files, packages = {} }: Project): void {
  write(root, files);
  for (const [name, { files }] of Object.entries(packages)) {
    write(join(root, 'packages', name), files);
    link(join(root, 'packages', name), join(root, 'node_modules', name));
  }
}

/** A new folder, by its real path, as Node and esbuild see it. */
export function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'layouts-')));
}

function write(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** A junction on Windows, which needs no rights; elsewhere the word is ignored. */
function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}
