#!/usr/bin/env node
import { existsSync } from 'node:fs';

/** The command of a clone runs its sources, and that of the package what was compiled of them. */
const source = new URL('../cli/main.ts', import.meta.url);
const isClone = existsSync(source);
const [command] = process.argv.slice(2);
// `init` runs outside of any project, so by whatever Node is there.
const installed = command === 'init' ? 20 : 22;
const needed = isClone ? 24 : installed;
const [major] = process.versions.node.split('.');

if (Number(major) < needed) {
  const remedy = isClone
    ? '`npx zavu-webhooks` and the npm scripts bring it, once `npm ci` has run.'
    : 'Install it, or add it to your project: `npm install --save-dev node@24`. Then npx and npm scripts use it.';
  console.error(`zavu-webhooks needs Node ${needed} or newer, and this is ${process.version}. ${remedy}`);
  process.exitCode = 1;
} else {
  const { main } = await import(isClone ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
  await main(process.argv.slice(2));
}
