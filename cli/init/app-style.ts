import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How an app's modules have to be written. */
export interface AppStyle {
  /** Whether they are ES modules. */
  isModule: boolean;
  /** With what a relative import ends. */
  extension: '.ts' | '.js';
}

/**
 * Looks how the modules of an app have to be written.
 *
 * @param manifest the app's package.json
 */
export function styleOf(folder: string, manifest: object): AppStyle {
  return {
    isModule: 'type' in manifest && manifest.type === 'module',
    // tsc, tsx, ts-node and esbuild find the .ts file by it. Node itself does not, and its apps allow the other one.
    extension: allowsTsExtensions(join(folder, 'tsconfig.json')) ? '.ts' : '.js',
  };
}

/** Writes a module of the starter, an ES module that imports `.ts` files, as an app has them. */
export function inStyle(source: string, { isModule, extension }: AppStyle): string {
  // TypeScript does not compile import.meta in a CommonJS module: TS1470.
  const identified = isModule ? source : source.replace('import.meta.url', '__filename');
  return identified.replace(/('\.\.?\/[^']*)\.ts'/g, `$1${extension}'`);
}

/** @see https://www.typescriptlang.org/tsconfig/#allowImportingTsExtensions, which the other option implies */
function allowsTsExtensions(file: string): boolean {
  if (!existsSync(file)) return false;
  const text = withoutComments(readFileSync(file, 'utf8'));
  const [, own] =
    text.match(/"(?:allowImportingTsExtensions|rewriteRelativeImportExtensions)"\s*:\s*(true|false)/) ?? [];
  if (own !== undefined) return own === 'true';
  const [, parent] = text.match(/"extends"\s*:\s*"(\.[^"]*)"/) ?? [];
  if (parent === undefined) return false;
  return allowsTsExtensions(join(dirname(file), parent.endsWith('.json') ? parent : `${parent}.json`));
}

/** Comments that begin a line, and those that may be longer: `//` inside a line may be part of a URL. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*\s[\s\S]*?\*\//g, '');
}
