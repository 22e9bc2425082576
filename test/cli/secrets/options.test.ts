import { checkOptions, parseVerb, type SecretsVerb, type VerbOptions } from '../../../cli/secrets/options.ts';
import { UsageError } from '../../../cli/shared/command.ts';

test.each<[SecretsVerb, VerbOptions]>([
  ['list', {}],
  ['add', { name: 'Chile', 'bind-sender': 'snd_1', 'bind-project': 'prj_1' }],
  ['remove', { name: 'Chile', sender: 'snd_1', project: 'prj_1' }],
  ['rotate', { sender: 'snd_1', grace: '0', old: '93ff' }],
])('%s takes %j', (verb, options) => {
  expect(() => checkOptions(verb, options)).not.toThrow();
});

test.each<[SecretsVerb, VerbOptions, string]>([
  ['add', { sender: 'snd_1' }, 'give --bind-sender.'],
  ['add', { project: 'prj_1' }, 'give --bind-project.'],
  ['add', { grace: '1' }, 'It takes --name, --bind-sender, --bind-project.'],
  ['remove', { 'bind-sender': 'snd_1' }, 'give --sender.'],
  ['remove', { 'bind-project': 'prj_1' }, 'give --project.'],
  ['remove', { old: '93ff' }, 'It takes --name, --sender, --project.'],
  ['rotate', { 'bind-sender': 'snd_1' }, 'Give the sender by --sender'],
  ['rotate', { project: 'prj_1' }, 'takes the name and the binding of the old one'],
  ['rotate', { name: 'Chile' }, 'the old secret by --old'],
  ['list', { sender: 'snd_1' }, 'only the options that name the deployment'],
])('%s does not take %j, and says what to do', (verb, options, sentence) => {
  const [name] = Object.keys(options);
  const check = () => checkOptions(verb, options);
  expect(check).toThrow(UsageError);
  expect(check).toThrow(`\`${verb}\` does not take --${name}.`);
  expect(check).toThrow(sentence);
});

test.each(['', ' '])('an empty binding %j would store a secret that is not bound: it is refused', (empty) => {
  const check = () => checkOptions('add', { 'bind-sender': empty });
  expect(check).toThrow(UsageError);
  expect(check).toThrow('--bind-sender is empty');
});

test.each([undefined, 'rename', 'toString'])('%s is no verb: the verbs are named', (text) => {
  expect(() => parseVerb(text)).toThrow(new UsageError('Say what to do: list, add, remove, rotate.'));
});
