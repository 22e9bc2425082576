import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isRecord, parseJson } from '../../lambda/shared/json.ts';
import { UsageError } from '../shared/command.ts';
import { type AppStyle, inStyle, styleOf } from './app-style.ts';
import { type Manifest, readManifest, readStarter, writeOnce } from './starter.ts';
import { rangeOf } from './versions.ts';

/**
 * Writes a table of handlers and a handler into an app, and changes none of its files.
 *
 * @returns what to print: what was written, and what to add to the app's own files
 * @throws UsageError if the folder has no package.json
 */
export function addToApp(folder: string): string[] {
  const path = resolve(folder);
  const manifest = readAppManifest(path);
  const style = styleOf(path, manifest);
  const handlers = (['lambda/handlers.ts', 'lambda/handlers/message-inbound.ts'] as const).map((file) =>
    writeOnce(path, file, inStyle(readStarter(file), style)),
  );
  return [
    ...handlers,
    writeTest(path, manifest, style),
    '',
    ...whatToInstall(path, manifest, readManifest()),
    ...whatToIgnore(path),
    'In your stack:',
    '',
    "  import { ZavuWebhooks } from 'zavu-webhooks';",
    // Jest, too, finds a CommonJS module without an ending, and none by another one than the file's.
    `  import { handlers } from '../lambda/handlers${style.isModule ? style.extension : ''}';`,
    '',
    "  new ZavuWebhooks(this, 'Zavu', { handlers });",
    '',
    'Then `npx zavu-webhooks start` runs it on this machine.',
  ];
}

function readAppManifest(path: string): Record<string, unknown> {
  const file = join(path, 'package.json');
  if (!existsSync(file)) {
    throw new UsageError(`There is no package.json in ${path}. Without --into a new app is written.`);
  }
  const manifest = parseJson(readFileSync(file, 'utf8'));
  if (!isRecord(manifest)) throw new UsageError(`${file} holds no JSON object.`);
  return manifest;
}

const testFile = 'test/message-inbound.test.ts';

/** Other test runners would take the test for one of theirs, and Node's takes no CommonJS that is written in TypeScript. */
function writeTest(path: string, { scripts }: Record<string, unknown>, style: AppStyle): string {
  const { test = '' } = Object(scripts) as { test?: unknown };
  const byNode = test === '' || String(test).includes('node --test');
  if (byNode && style.isModule && style.extension === '.ts')
    return writeOnce(path, testFile, readStarter(testFile));
  return `  left out ${testFile}: it is for \`node --test\` in an ES module. Write yours with zavu-webhooks/testing`;
}

/** The packages that are missing, and whose install scripts run. */
function whatToInstall(path: string, manifest: Record<string, unknown>, own: Manifest): string[] {
  const there = { ...Object(manifest.dependencies), ...Object(manifest.devDependencies) };
  const isPnpm = existsSync(join(path, 'pnpm-lock.yaml'));
  const add = isPnpm ? 'pnpm add' : 'npm install';
  const needed: readonly (readonly [name: string, command: string])[] = [
    ...['zavu-webhooks', ...Object.keys(own.peerDependencies)].map((name) => [name, add] as const),
    // The local run's functions have Lambda's Node.
    ['node', `${add} --save-dev`],
  ];
  const missing = needed.filter(([name]) => !(name in there));
  if (missing.length === 0) return [];
  return [
    isPnpm
      ? 'In pnpm-workspace.yaml, so that pnpm runs their install scripts:'
      : 'In package.json, so that npm runs their install scripts:',
    '',
    ...(isPnpm
      ? ['  allowBuilds:', ...Object.entries(installScripts).map(([name, may]) => `    ${name}: ${may}`)]
      : [`  "allowScripts": ${JSON.stringify(installScripts)}`]),
    '',
    'In a terminal:',
    '',
    ...missing.map(([name, command]) => `  ${command} ${name}@${rangeOf(name, own)}`),
    '',
  ];
}

/** As in the starter's package.json and pnpm-workspace.yaml, which a test holds to it. */
export const installScripts = { 'classic-level': false, esbuild: true, node: true };

/** What each local run writes down while it runs. */
function whatToIgnore(path: string): string[] {
  const file = join(path, '.gitignore');
  if (existsSync(file) && readFileSync(file, 'utf8').includes(stateFiles)) return [];
  return ['In .gitignore:', '', `  ${stateFiles}`, ''];
}

const stateFiles = '.zavu-local.*';
