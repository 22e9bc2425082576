import { createCommand, endingBy, UsageError } from '../../../cli/shared/command.ts';
import { execute } from '../../../cli/shared/execution.ts';

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  for (const stream of ['log', 'error'] as const) {
    jest
      .spyOn(console, stream)
      .mockImplementation((...words: unknown[]) => void printed.push(...words.join(' ').split('\n')));
  }
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))));
});
afterEach(() => jest.restoreAllMocks());

/** Runs `knock`, or `knock twice`. */
function knock(run: () => Promise<boolean>, ...args: string[]): Promise<number> {
  const command = createCommand('npx zavu-webhooks').addCommand(
    createCommand('knock', { examples: [['knock --loud', 'wakes somebody']], notes: ['Nobody may be in.'] })
      .option('--loud')
      .action(endingBy(run))
      .addCommand(createCommand('twice').action(endingBy(run))),
  );
  return execute(() => command.parseAsync(['knock', ...args], { from: 'user' }), 'knock');
}

test.each([
  [true, 0],
  [false, 1],
  // What one has done is not held against the next.
  [true, 0],
])('a command that says %s ends with %d', async (isWell, code) => {
  expect(await knock(async () => isWell)).toBe(code);
  expect(printed).toEqual([]);
});

test('help is printed with examples and notes, and nothing is run', async () => {
  const run = jest.fn();
  expect(await knock(run, '--loud', '--help')).toBe(0);
  expect(printed.join('')).toMatch(
    /^Usage: npx zavu-webhooks knock .+\n {2}npx zavu-webhooks knock --loud\n {6}wakes somebody\n\nNobody may be in\.\n$/s,
  );
  expect(run).not.toHaveBeenCalled();
});

test.each([
  [['--lout'], "Unknown option '--lout'. Did you mean --loud?", 'knock'],
  [
    ['twice', '--loud', 'x'],
    "Too many arguments for 'twice'. Expected 0 arguments but got 1.",
    'knock twice',
  ],
])(
  '%j is given wrongly: it ends with 2, and leads to the help of its verb',
  async (args, sentence, words) => {
    const run = jest.fn();
    expect(await knock(run, ...args)).toBe(2);
    expect(printed).toEqual([sentence, `See npx zavu-webhooks ${words} --help`]);
    expect(run).not.toHaveBeenCalled();
  },
);

test('what a command itself finds wrong ends with 2 as well', async () => {
  const refuses = () => knock(() => Promise.reject(new UsageError('Knock how often?')));
  expect(await refuses()).toBe(2);
  expect(printed).toEqual(['Knock how often?', 'See npx zavu-webhooks knock --help']);
});

test.each([
  [
    Object.assign(new Error('Not you.'), { name: 'AccessDenied' }),
    ['AccessDenied: Not you.', expect.stringContaining('policy')],
  ],
  [
    Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
    ['ECONNREFUSED', 'Check the network, or whether `npx zavu-webhooks start` still runs.'],
  ],
  [
    new Error('Nobody came.', { cause: Object.assign(new Error('Not you.'), { name: 'AccessDenied' }) }),
    ['Nobody came.', expect.stringContaining('policy')],
  ],
  [
    Object.assign(new Error('Signed too early.'), {
      name: 'RequestTimeTooSkewed',
      $response: { headers: { date: new Date(Date.now() - 3_600_000).toUTCString() } },
    }),
    ['RequestTimeTooSkewed: Signed too early.', expect.stringContaining('clock is 60 min ahead of')],
  ],
  [new Error('The door is gone.'), ['The door is gone.']],
  ['a text', ['a text']],
])('an error ends with 1 and is printed with what to do about it: %#', async (error, lines) => {
  expect(await knock(() => Promise.reject(error))).toBe(1);
  expect(printed).toEqual(lines);
});
