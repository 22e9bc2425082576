import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installScripts } from '../../../cli/init/existing-app.ts';
import { readManifest, readStarter, type StarterFile, starterFiles } from '../../../cli/init/starter.ts';
import { fillManifest, packageName, rangeOf } from '../../../cli/init/versions.ts';

const root = join(import.meta.dirname, '../../..');
const own = readManifest();

/** The repository's modules import from the sources what a user's import from the package. */
function asUser(source: string): string {
  return source
    .replaceAll("'../lib/index.ts'", "'zavu-webhooks'")
    .replace(/'\.(?:\/handlers)?\/index\.ts'/g, "'zavu-webhooks/handlers'");
}

/** The formatter sorts imports by where they come from. */
const sorted = (source: string) => source.split('\n').toSorted();

describe("the repository's own app is written as a user's", () => {
  test.each<StarterFile>([
    'bin/app.ts',
    'bin/prerequisites.mjs',
    'lambda/handlers.ts',
    'lambda/handlers/message-inbound.ts',
    'cdk.json',
  ])('%s', (file) => {
    expect(sorted(asUser(readFileSync(join(root, file), 'utf8')))).toEqual(sorted(readStarter(file)));
  });
});

test('every file of the starter is in the package, and holds something', () => {
  for (const file of starterFiles) expect(readStarter(file)).not.toBe('');
});

describe("a new app's package.json", () => {
  const app = JSON.parse(fillManifest(readStarter('package.json'), 'my-webhooks', own));

  test('has the versions that this package was tested with', () => {
    expect(app.name).toBe('my-webhooks');
    expect(app.dependencies).toEqual({
      'aws-cdk-lib': `^${own.devDependencies['aws-cdk-lib']}`,
      constructs: `^${own.devDependencies.constructs}`,
      'zavu-webhooks': `^${own.version}`,
    });
    for (const [name, range] of Object.entries(app.devDependencies)) {
      expect(range).toBe(`^${own.devDependencies[name]}`);
    }
  });

  test('has all peers, in the range that they are asked for', () => {
    for (const [name, range] of Object.entries(own.peerDependencies))
      expect(app.dependencies[name]).toBe(range);
  });

  test('runs under the Node that Lambda has', () => {
    expect(app.devDependencies.node).toMatch(/^\^24\./);
    expect(app.devDependencies['@types/node']).toMatch(/^\^24\./);
  });

  test('lets the same install scripts run under npm and pnpm', () => {
    const builds = [...readStarter('pnpm-workspace.yaml').matchAll(/^ {2}([\w-]+): (true|false)$/gm)];
    expect(Object.fromEntries(builds.map(([, name, may]) => [name, may === 'true']))).toEqual(
      app.allowScripts,
    );
    expect(installScripts).toEqual(app.allowScripts);
  });

  test('is refused if it has a package that was not tested', () => {
    expect(() => rangeOf('left-pad', own)).toThrow('package.json says nothing of left-pad.');
  });
});

test.each([
  ['my-webhooks', 'my-webhooks'],
  ['My Webhooks', 'my-webhooks'],
  ['_hooks.', 'hooks'],
  ['@scope/hooks', 'scope-hooks'],
  ['…', 'webhooks'],
])('a folder %j is a package %j', (folder, name) => {
  expect(packageName(folder)).toBe(name);
});

describe("the starter's workflow", () => {
  const workflow = readStarter('.github/workflows/webhooks.yml');

  test('takes each action by its major version', () => {
    const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/@v\d+$/);
  });

  test('names no account, role or region, and stores no key', () => {
    expect(workflow).not.toMatch(/\d{12}|arn:|secrets\.|[a-z]{2}-[a-z]+-\d/);
  });

  test('lets no job have a token but those that need AWS', () => {
    const jobs = workflow.split(/^ {2}(?=\w+:$)/m).slice(1);
    const withToken = jobs.filter((job) => job.includes('id-token: write'));
    expect(withToken).toEqual(jobs.filter((job) => job.includes('configure-aws-credentials')));
    expect(withToken.length).toBeGreaterThan(0);
  });
});
