#!/usr/bin/env node
import { existsSync } from 'node:fs';

/** The command of a clone runs its sources, and that of the package what was compiled of them. */
const source = new URL('../cli/main.ts', import.meta.url);
const isClone = existsSync(source);
// It ends this process with a sentence if something is missing.
if (isClone) await import('./prerequisites.mjs');
const [command] = process.argv.slice(2);
// `init` runs outside of any project, so by whatever Node is there.
const needed = command === 'init' ? 20 : 22;
const [major] = process.versions.node.split('.');

if (Number(major) < needed) {
  console.error(
    `zavu-webhooks needs Node ${needed} or newer, and this is ${process.version}. ` +
      'Install it, or add it to your project: `npm install --save-dev node@24`. Then npx and npm scripts use it.',
  );
  process.exitCode = 1;
} else {
  const { main } = await import(isClone ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
  await main(process.argv.slice(2));
}
