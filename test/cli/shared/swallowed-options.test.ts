import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { swallowedOptions } from '../../../cli/shared/swallowed-options.ts';

const options = ['stage', 'dry-run', 'since', 'json', 'context', 'yes'];
const inScript = { npm_lifecycle_event: 'replay', npm_command: 'run' };

function found(env: NodeJS.ProcessEnv, args: readonly string[] = []): string | undefined {
  return swallowedOptions({ command: 'replay', options, args, env });
}

test.each([
  [{ npm_config_stage: 'true' }, ['prod'], '--stage'],
  [{ npm_config_stage: 'prod', npm_config_dry_run: 'true' }, [], '--stage=prod --dry-run'],
  [{ npm_config_since: '2d' }, [], '--since=2d'],
  [{ npm_config_json: 'true' }, [], '--json'],
  [{ npm_config_call: 'archive=true' }, [], '-c archive=true'],
])('report 25: %j is refused, with the spelling that works in every shell', (taken, args, spelling) => {
  expect(found({ ...inScript, ...taken }, args)).toMatch(
    new RegExp(`^npm took ${spelling.replaceAll(' --', ', --')} .*: npx zavu-webhooks replay ${spelling}$`),
  );
});

test.each([
  ['nothing was taken', inScript, []],
  [
    'npx sets what is its own',
    { npm_command: 'exec', npm_lifecycle_event: 'npx', npm_config_stage: 'x' },
    [],
  ],
  ['it is started by node', { npm_config_stage: 'prod' }, []],
  ['npm has it off', { ...inScript, npm_config_json: '' }, []],
  ['a build server says yes to npm', { ...inScript, npm_config_yes: 'true' }, []],
  ['it is of another command', { ...inScript, npm_config_port: '3001' }, []],
  ['the command has its short form', { ...inScript, npm_config_call: 'a=b' }, ['-ca=b']],
  ['the command has it', { ...inScript, npm_config_stage: 'dev' }, ['--stage=prod']],
])('nothing is refused if %s', (_, env, args) => {
  expect(found(env, args)).toBeUndefined();
});

test('report 25: what npm does to a script without "--" is noticed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swallowed-'));
  const print = 'console.log(JSON.stringify([process.env, process.argv.slice(2)]))';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { replay: 'node print.cjs' } }));
  writeFileSync(join(folder, 'print.cjs'), print);
  const command = ['--silent', 'run', 'replay', '--stage', 'prod', '--dry-run', '-c', 'a=b'];
  const isWindows = process.platform === 'win32';
  const printed = execFileSync('npm', command, { cwd: folder, shell: isWindows, encoding: 'utf8' });
  const [env, args] = JSON.parse(printed);
  expect(args).toEqual(['prod']);
  expect(found(env, args)).toContain('npm took --stage, --dry-run, -c a=b for itself');
  rmSync(folder, { recursive: true });
});
