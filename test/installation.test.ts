import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfies } from 'semver';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Locked {
  engines?: { node?: string };
  optional?: boolean;
}
const { packages }: { packages: Record<string, Locked> } = JSON.parse(read('package-lock.json'));

test.each(['README.md', 'docs/install.md', 'CONTRIBUTING.md'])(
  'on the Node that %s names, npm warns of no package',
  (page) => {
    const [, version = ''] = /Node (\d+(?:\.\d+)*) or newer/.exec(read(page)) ?? [];
    const named = version.split('.').concat('0', '0').slice(0, 3).join('.');
    const strange = Object.entries(packages).filter(
      ([name, { engines, optional }]) =>
        name !== '' && !optional && engines?.node !== undefined && !satisfies(named, engines.node),
    );
    expect(named).toMatch(/^\d+\.\d+\.\d+$/);
    expect(strange.map(([name, { engines }]) => `${name} needs ${engines?.node}`)).toEqual([]);
  },
);

test('the workflow of CI runs what is there', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const runs = [...read('.github/workflows/ci.yml').matchAll(/run: (.+)/g)].map(([, line = '']) => line);
  for (const line of runs) {
    const [, script = line === 'npm test' ? 'test' : undefined] = /^npm run (\S+)/.exec(line) ?? [];
    if (script) expect(scripts).toHaveProperty([script]);
    else if (line !== 'npm ci') expect(existsSync(join(root, line))).toBe(true);
  }
  expect(runs.length).toBeGreaterThan(3);
});
