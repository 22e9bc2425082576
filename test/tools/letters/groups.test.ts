import { commandLine, nextStep } from '../../../tools/letters/advice.ts';
import { groupLetters } from '../../../tools/letters/groups.ts';
import { deadLetters, parkedEvents } from '../../../tools/letters/shelf.ts';

function letter(worker: string, reason: string, error: string, minute: number, type = 'message.inbound') {
  const failedAt = `2026-01-31T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const codeVersion = minute < 30 ? 'old' : 'new';
  const id = `evt_${minute}`;
  return {
    worker,
    reason,
    error,
    type,
    failedAt,
    sentAt: failedAt,
    id,
    messageId: id,
    attempts: '5',
    codeVersion,
  };
}

const workers = ['inbound', 'delivery'];
const groups = groupLetters(
  [
    letter('delivery', 'attempts_exhausted', 'Error', 1),
    letter('inbound', 'permanent_failure', 'PermanentFailure', 5),
    letter('inbound', 'attempts_exhausted', 'Error', 40),
    letter('inbound', 'attempts_exhausted', 'Error', 20, '__proto__'),
    letter('inbound', 'attempts_exhausted', 'Error', 30),
    letter('inbound', 'attempts_exhausted', 'TypeError', 10),
  ],
  workers,
);

test('letters that failed alike are one group: the workers in their order, the largest first', () => {
  expect(groups.map(({ worker, reason, error, count }) => [worker, reason, error, count])).toEqual([
    ['inbound', 'attempts_exhausted', 'Error', 3],
    ['inbound', 'permanent_failure', 'PermanentFailure', 1],
    ['inbound', 'attempts_exhausted', 'TypeError', 1],
    ['delivery', 'attempts_exhausted', 'Error', 1],
  ]);
});

test('a group knows its types, its code, and its first and last', () => {
  expect(groups[0]).toMatchObject({
    oldest: '2026-01-31T10:20:00.000Z',
    newest: '2026-01-31T10:40:00.000Z',
    example: 'evt_40',
    codeVersions: ['new', 'old'],
  });
  expect(Object.entries(groups[0]?.types ?? {})).toEqual([
    ['message.inbound', 2],
    ['__proto__', 1],
  ]);
});

test('no letters are no groups', () => {
  expect(groupLetters([], workers)).toEqual([]);
});

describe('the next step', () => {
  const step = (reason: string, error: string, worker = 'inbound', kind = deadLetters) =>
    nextStep({ ...groupLetters([letter(worker, reason, error, 5)], workers)[0], worker } as never, kind, {
      stage: 'prod',
    }).command;

  test.each([
    [
      'attempts_exhausted',
      'Error',
      'redrive --worker inbound --reason attempts_exhausted --error Error --stage prod',
    ],
    [
      'permanent_failure',
      'X: told',
      'redrive --worker inbound --reason permanent_failure --error X --stage prod',
    ],
    ['none', 'none', 'redrive --worker inbound --reason none --stage prod'],
    ['unreadable_message', 'none', 'show --id evt_5 --reveal --stage prod'],
  ])('%s, %s', (reason, error, expected) => {
    expect(step(reason, error)).toBe(`npm run dead-letters -- ${expected}`);
  });

  test('of parked events is theirs who handle them now', () => {
    expect(step('none', 'none', 'inbound', parkedEvents)).toBe(
      'npm run parked -- redrive --worker inbound --stage prod',
    );
    expect(step('none', 'none', 'nobody', parkedEvents)).toBe('npm run parked -- redrive --all --stage prod');
  });

  test('is a shell command, whatever an id holds', () => {
    expect(commandLine(deadLetters, {}, 'show', '--id', "a'; rm -rf $HOME")).toBe(
      `npm run dead-letters -- show --id 'a'\\''; rm -rf $HOME'`,
    );
    expect(commandLine(deadLetters, {})).toBe('npm run dead-letters');
  });
});
