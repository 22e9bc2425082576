import { parseArgs } from 'node:util';
import { type Command, execute, UsageError } from '../../../cli/shared/command.ts';

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  for (const stream of ['log', 'error'] as const) {
    jest
      .spyOn(console, stream)
      .mockImplementation((...words: unknown[]) => void printed.push(...words.join(' ').split('\n')));
  }
});
afterEach(() => jest.restoreAllMocks());

function command(run: Command['run']): Command {
  return {
    name: 'knock',
    usage: 'npx zavu-webhooks knock',
    errorHints: [[/AccessDenied/, 'Ask for the key.']],
    run,
  };
}

test.each([
  [true, 0],
  [false, 1],
])('a command that says %s ends with %d', async (isWell, code) => {
  expect(
    await execute(
      command(async () => isWell),
      [],
    ),
  ).toBe(code);
  expect(printed).toEqual([]);
});

test('help is printed with the exit codes, and nothing is run', async () => {
  const run = jest.fn();
  expect(await execute(command(run), ['--loud', '--help'])).toBe(0);
  expect(printed.join('\n')).toMatch(/^npx zavu-webhooks knock\n\nExit code: 0 .+ 1 .+ 2 /);
  expect(run).not.toHaveBeenCalled();
});

test.each<[string, Command['run']]>([
  [
    'Knock how often?',
    async () => {
      throw new UsageError('Knock how often?');
    },
  ],
  ["Unknown option '--lout'", async (args) => Boolean(parseArgs({ args: [...args], options: {} }))],
])('a command that is given wrongly ends with 2 and leads to its help: %s', async (sentence, run) => {
  expect(await execute(command(run), ['--lout'])).toBe(2);
  expect(printed).toEqual([expect.stringContaining(sentence), 'See npx zavu-webhooks knock --help']);
});

test.each([
  [
    Object.assign(new Error('Not you.'), { name: 'AccessDenied' }),
    ['AccessDenied: Not you.', 'Ask for the key.'],
  ],
  [
    Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
    ['ECONNREFUSED', 'Check the network, or whether `npx zavu-webhooks start` still runs.'],
  ],
  [
    new Error('Nobody came.', { cause: Object.assign(new Error('Not you.'), { name: 'AccessDenied' }) }),
    ['Nobody came.', 'Ask for the key.'],
  ],
  [new Error('The door is gone.'), ['The door is gone.']],
  ['a text', ['a text']],
])('an error ends with 1 and is printed with what to do about it: %#', async (error, lines) => {
  const fails = command(() => Promise.reject(error));
  expect(await execute(fails, [])).toBe(1);
  expect(printed).toEqual(lines);
});
