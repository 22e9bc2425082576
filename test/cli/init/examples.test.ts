import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest, readStarter } from '../../../cli/init/starter.ts';
import { fillManifest } from '../../../cli/init/versions.ts';

const folder = join(import.meta.dirname, '../../../examples');
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const own = readManifest();

describe.each(names)('the example %s begins as the starter', (name) => {
  const read = (file: string) => readFileSync(join(folder, name, file), 'utf8');

  test.each(['cdk.json', 'tsconfig.json', 'bin/prerequisites.mjs'] as const)('%s', (file) => {
    expect(read(file)).toBe(readStarter(file));
  });

  test('package.json, with the packages of its handlers in the versions that were tested', () => {
    const starter = JSON.parse(fillManifest(readStarter('package.json'), name, own));
    const manifest = JSON.parse(read('package.json'));
    const added = Object.keys(manifest.dependencies).filter((each) => !(each in starter.dependencies));
    const tested: Record<string, string> = JSON.parse(
      readFileSync(join(folder, '../package.json'), 'utf8'),
    ).dependencies;
    expect(manifest).toEqual({
      ...starter,
      // It has no tests of its own.
      scripts: { ...starter.scripts, test: 'tsc' },
      dependencies: {
        ...starter.dependencies,
        ...Object.fromEntries(added.map((each) => [each, `^${tested[each]}`])),
      },
    });
  });
});
