import { createCommand } from '../../../cli/shared/command.ts';
import { contextOption, jsonOption, onDeployment } from '../../../cli/shared/options.ts';
import { swallowedOptions } from '../../../cli/shared/swallowed-options.ts';

const list = onDeployment(createCommand('list')).addOption(jsonOption).addOption(contextOption);
createCommand('npx zavu-webhooks').addCommand(createCommand('secrets').addCommand(list));
const script = { npm_command: 'run-script', npm_lifecycle_event: 'secrets' };

test.each([
  [{ npm_config_stage: 'true' }, ['prod'], 'npm took --stage'],
  [{ npm_config_stage: 'prod', npm_config_json: 'true' }, [], 'npm took --stage, --json'],
  [{ npm_config_call: 'archive=true' }, [], 'npm took --context'],
  [{ npm_config_json: 'true' }, ['--stage', 'prod'], 'npm took --json'],
])('what npm took is noticed (report 25): %j', (config, args, sentence) => {
  expect(swallowedOptions(list, { ...script, ...config }, args)).toContain(sentence);
});

test('the sentence has a spelling that works in every shell', () => {
  expect(swallowedOptions(list, { ...script, npm_config_stage: 'prod' }, [])).toMatch(
    /npx zavu-webhooks secrets list --stage <stage>$/,
  );
});

test.each([
  ['nothing was taken', { ...script, npm_config_user_agent: 'npm/11', npm_config_json: '' }, []],
  ['it was given as well', { ...script, npm_config_json: 'true' }, ['--json']],
  ['a short option was given', { ...script, npm_config_call: 'a=b' }, ['-ca=b']],
  ['npx ran it', { npm_lifecycle_event: 'npx', npm_config_json: 'true', npm_config_call: 'x' }, []],
  ['no npm ran it', { npm_config_json: 'true' }, []],
  ['it is no option of the command', { ...script, npm_config_force: 'true' }, []],
])('there is nothing to say if %s', (_case, env, args) => {
  expect(swallowedOptions(list, env, args)).toBeUndefined();
});
