import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { packedFiles, tarball, unpacked } from './tarball.ts';

const files = packedFiles();
const manifest: {
  exports: Record<string, string | { types: string; default: string }>;
  bin: Record<string, string>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
} = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));

/** In bytes: what was measured with all that recovers lost events, and 10 % more. */
const budget = { packed: 510_000, unpacked: 1_660_000 };

describe('the tarball', () => {
  test('holds what was compiled, its types, its data, templates, pages of the docs, and nothing else', () => {
    const allowed =
      /^(?:package\.json|README\.md|LICENSE|bin\/zavu-webhooks\.mjs|templates\/.*|docs\/[\w-]+\.md|dist\/(?:lib|lambda|cli|local|testing)\/.*\.(?:js|mjs|d\.ts|json)|dist\/bench\/results\.json)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  });

  test('is as small as it was', () => {
    const bytes = files.reduce((sum, file) => sum + statSync(join(unpacked, file)).size, 0);
    expect(statSync(tarball).size).toBeLessThan(budget.packed);
    expect(bytes).toBeLessThan(budget.unpacked);
  });

  test('holds every file that package.json names', () => {
    const exported = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : [entry.types, entry.default],
    );
    const named = [...exported, ...Object.values(manifest.bin)].map((file) => file.replace(/^\.\//, ''));
    expect(named.filter((file) => !files.includes(file))).toEqual([]);
  });

  test('holds every page of the docs that its texts name, and no other', () => {
    const texts = files.filter((file) => /^dist\/.*\.js$/.test(file));
    const named = texts.flatMap((file) => {
      const text = readFileSync(join(unpacked, file), 'utf8');
      return [...text.matchAll(/docs\/([\w-]+\.md)|docsPage\('([\w-]+\.md)'/g)].map(
        ([, path, name]) => `docs/${path ?? name}`,
      );
    });
    expect(files.filter((file) => file.startsWith('docs/')).sort()).toEqual([...new Set(named)].sort());
  });

  test('has the types of all that its types import', () => {
    const imported = files
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap((file) => specifiersOf(file).map((specifier) => ({ file, specifier })))
      .filter(({ specifier }) => specifier.startsWith('.'));
    const missing = imported.filter(({ file, specifier }) => {
      const path = join(file, '..', specifier).replaceAll('\\', '/');
      return !files.includes(path.replace(/\.[jt]s$/, '.d.ts')) && !files.includes(path);
    });
    expect(imported).not.toEqual([]);
    expect(missing).toEqual([]);
  });
});

/** What a file of types imports, and not what its examples do. */
function specifiersOf(file: string): string[] {
  const text = readFileSync(join(unpacked, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(/(?:from |import\(|^import )['"]([^'"]+)['"]/gm)].map(([, path = '']) => path);
}

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('every package that is imported is a dependency or a peer', () => {
  const installed = new Set([
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
  ]);

  test('by the code', () => {
    const { metafile } = buildSync({
      entryPoints: files.filter((file) => /^dist\/.*\.m?js$/.test(file)),
      absWorkingDir: unpacked,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      outdir: 'out',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const imported = Object.values(metafile.inputs)
      .flatMap(({ imports }) => imports.filter(({ external }) => external))
      .map(({ path }) => packageOf(path))
      .filter((name) => !name.startsWith('node:') && name !== 'zavu-webhooks');
    expect(new Set(imported).size).toBeGreaterThan(10);
    expect([...new Set(imported)].filter((name) => !installed.has(name))).toEqual([]);
  });

  test('by the types', () => {
    const names = files
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap(specifiersOf)
      .filter((specifier) => !/^(?:\.|node:)/.test(specifier))
      .map(packageOf);
    const missing = names.filter((name) => !installed.has(name) && !installed.has(`@types/${name}`));
    expect(names).not.toEqual([]);
    expect(missing).toEqual([]);
  });
});
