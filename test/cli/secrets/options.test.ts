import { command } from '../../../cli/secrets.ts';

/** Runs a command that is refused before any deployment is asked. */
const run = (...words: string[]) => command.parseAsync(words, { from: 'user' });

test.each([
  ['add --sender snd_1', 'give --bind-sender.'],
  ['add --project prj_1', 'give --bind-project.'],
  ['add --grace 1s', "Unknown option '--grace'"],
  ['remove 93ff --bind-sender snd_1', 'give --sender.'],
  ['remove 93ff --bind-project prj_1', 'give --project.'],
  ['remove 93ff --old 93ff', "Unknown option '--old'"],
  ['remove', "Missing required argument 'last four'"],
  ['rotate --bind-sender snd_1', 'Give the sender by --sender'],
  ['rotate --project prj_1', 'takes the name and the binding of the old one'],
  ['rotate --name Chile', 'the old secret by --old'],
  ['rotate', "Required option '--sender <id>' not specified"],
  ['rotate --sender snd_1 --grace 300', '--grace must be like 30s'],
  ['list --sender snd_1', "Unknown option '--sender'"],
  ['rename', "Unknown command 'rename'"],
  ['toString', "Unknown command 'toString'"],
])('secrets %s is refused with what to do', async (line, sentence) => {
  const error = await run(...line.split(' ')).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(sentence) });
});

test.each(['', ' '])(
  'an empty binding %j would store a secret that is not bound: it is refused',
  async (empty) => {
    await expect(run('add', '--bind-sender', empty)).rejects.toThrow('--bind-sender is empty');
  },
);
