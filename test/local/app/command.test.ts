import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { commandLine, withInstalledCommands } from '../../../local/app/command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-command-'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'out.js'));
  for (const file of [
    'bin/app.ts',
    'bin/app.js',
    'bin/my app.mjs',
    "bin/it's.ts",
    'bin/app.py',
    'bin/%PATH%.ts',
  ]) {
    writeFileSync(join(folder, file), '');
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Node as the shell has to get it. */
const node = process.platform === 'win32' ? `"${process.execPath}"` : `'${process.execPath}'`;
const quoted = (file: string) => (process.platform === 'win32' ? `"${file}"` : `'${file}'`);

test.each([
  'npx tsx bin/app.ts',
  'node bin/app.ts',
  'npx tsc && node bin/app.js',
  'bin/app.py',
  'bin/gone.ts',
  'out.js',
])('%s is a command line as it is', (app) => {
  expect(commandLine(app, folder)).toBe(app);
});

test.each([
  ['bin/app.ts', quoted('bin/app.ts')],
  ['bin/my app.mjs', quoted('bin/my app.mjs')],
  ['bin/app.js --region eu', `${quoted('bin/app.js')} --region eu`],
  ['"bin/my app.mjs" --region eu', `${quoted('bin/my app.mjs')} --region eu`],
])('Node runs the file of %s', (app, rest) => {
  expect(commandLine(app, folder)).toBe(`${node} ${rest}`);
});

test('a quote in the name of a file does not end it', () => {
  expect(commandLine("bin/it's.ts", folder, 'linux', '/node')).toBe(`'/node' 'bin/it'\\''s.ts'`);
});

test.each([
  ['bin/my app.mjs', '"bin/my app.mjs"'],
  ['"bin/my app.mjs" --region eu', '"bin/my app.mjs" --region eu'],
  ["bin/it's.ts", '"bin/it\'s.ts"'],
  ['bin/%PATH%.ts', '"bin/"^%"PATH"^%".ts"'],
])('report 2: cmd.exe gets the file of %s as a word in which no variable is put in', (app, rest) => {
  const program = 'C:\\Program Files\\nodejs\\node.exe';
  expect(commandLine(app, folder, 'win32', program)).toBe(`"${program}" ${rest}`);
});

test('report 2: on Windows, the commands of installed packages come first in Path, behind a semicolon', () => {
  expect(withInstalledCommands({ Path: 'C:\\bin;D:\\bin' }, 'C:\\my app', 'win32')).toEqual({
    Path: 'C:\\my app\\node_modules\\.bin;C:\\bin;D:\\bin',
  });
});

test.each(['PATH', 'Path'])('commands of installed packages come first in %s', (name) => {
  const environment = withInstalledCommands({ [name]: '/usr/bin', OTHER: '1' }, folder);
  expect(environment).toEqual({
    [name]: `${join(folder, 'node_modules', '.bin')}${delimiter}/usr/bin`,
    OTHER: '1',
  });
});
