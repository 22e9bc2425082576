import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { readSettings } from '../../../lib/settings/settings.ts';
import { SettingsError } from '../../../lib/settings/settings-error.ts';

const root = join(import.meta.dirname, '../../..');
const settings = pathToFileURL(join(root, 'lib/settings/settings.ts')).href;

/** Runs an app, and gives how it ended. */
function run(code: string, context: object = {}) {
  const imports = `
    import { App } from 'aws-cdk-lib/core';
    import { completeSettings, readSettings } from '${settings}';`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '-e', `${imports}\n${code}`],
    { cwd: root, encoding: 'utf8', env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) } },
  );
  return { status, stderr };
}

test.each([
  [
    'readSettings(new App().node);',
    { retainDate: 'false' },
    /^Settings that do not fit:\n {2}retainDate: .+\nSet .+\n$/,
  ],
  [
    '(async () => readSettings(new App().node))();',
    { stage: 'no_where' },
    /^-c stage=no_where cannot name .+\n$/,
  ],
])('an app whose settings do not fit ends with the sentence alone: %s', (code, context, sentence) => {
  expect(run(code, context)).toEqual({ status: 1, stderr: expect.stringMatching(sentence) });
});

test.each([{ retainDate: 'false' }, { stage: 'no_where' }, { stage: 'none' }, { zavu: 'text' }])(
  'the context %j is said to be wrong by such a sentence',
  (context) => {
    expect(() => readSettings(new App({ context }).node)).toThrow(SettingsError);
  },
);

test.each([
  [
    'a bug, after an error of settings was caught',
    "try { readSettings(new App({ context: { stage: 'none' } }).node); } catch {}\nundefined.settings;",
  ],
  ['settings in code that do not fit', "completeSettings({ retainDate: 'false' });"],
])("the user's own code keeps its stack: %s", (_what, code) => {
  const { status, stderr } = run(code);
  expect(stderr).toMatch(/Error: .*[\s\S]*\n {4}at .*\[eval1\]/);
  expect(status).toBe(1);
});
