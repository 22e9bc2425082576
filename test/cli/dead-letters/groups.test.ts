import { deadLetters } from '../../../cli/dead-letters/dead-letters.ts';
import { type FailureGroup, groupMessages } from '../../../cli/dead-letters/groups.ts';
import type { QueueCommand } from '../../../cli/dead-letters/queue-command.ts';
import type { Stay } from '../../../cli/dead-letters/unrouted-destination.ts';
import { unroutedEvents } from '../../../cli/dead-letters/unrouted-events.ts';
import { commandLine } from '../../../cli/shared/command-line.ts';

function failed(
  worker: string,
  reason: string,
  error: string,
  minute: number,
  type = 'message.inbound',
  place = '',
) {
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
    place,
    attempts: '5',
    codeVersion,
  };
}

const workers = ['inbound', 'delivery'];
const groups = groupMessages(
  [
    failed('delivery', 'attempts_exhausted', 'Error', 1),
    failed('inbound', 'permanent_failure', 'PermanentFailure', 5),
    failed('inbound', 'attempts_exhausted', 'Error', 40),
    failed('inbound', 'attempts_exhausted', 'Error', 20, '__proto__'),
    failed('inbound', 'attempts_exhausted', 'Error', 30),
    failed('inbound', 'attempts_exhausted', 'TypeError', 10),
  ],
  workers,
);

test('messages that failed alike are one group: the workers in their order, the largest first', () => {
  expect(groups.map(({ worker, reason, error, count }) => [worker, reason, error, count])).toEqual([
    ['inbound', 'attempts_exhausted', 'Error', 3],
    ['inbound', 'permanent_failure', 'PermanentFailure', 1],
    ['inbound', 'attempts_exhausted', 'TypeError', 1],
    ['delivery', 'attempts_exhausted', 'Error', 1],
  ]);
});

test('two permanent failures of different kinds, or of different places, are two groups', () => {
  const permanent = (error: string, minute: number, place: string) =>
    failed('inbound', 'permanent_failure', error, minute, 'message.inbound', place);
  const three = groupMessages(
    [
      permanent('UnknownCustomer', 1, 'message-inbound-3.mjs:2:55'),
      permanent('PermanentFailure', 2, 'message-inbound-3.mjs:2:55'),
      permanent('PermanentFailure', 3, 'message-inbound-3.mjs:2:99'),
      permanent('PermanentFailure', 4, 'message-inbound-3.mjs:2:99'),
    ],
    workers,
  );
  expect(three.map((group) => deadLetters.headline(group))).toEqual([
    '2 x permanent_failure: PermanentFailure at message-inbound-3.mjs:2:99',
    '1 x permanent_failure: UnknownCustomer at message-inbound-3.mjs:2:55',
    '1 x permanent_failure: PermanentFailure at message-inbound-3.mjs:2:55',
  ]);
  // What a group's command sends is that group, and no other of the same class.
  expect(three.map((group) => deadLetters.nextStep(group).words.slice(-4).join(' '))).toEqual([
    '--error PermanentFailure --place message-inbound-3.mjs:2:99',
    '--error UnknownCustomer --place message-inbound-3.mjs:2:55',
    '--error PermanentFailure --place message-inbound-3.mjs:2:55',
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

test('no messages are no groups', () => {
  expect(groupMessages([], workers)).toEqual([]);
});

describe('the next step', () => {
  function stepOf({ name, nextStep }: QueueCommand, [group]: FailureGroup[]) {
    if (!group) throw new Error('There is no group.');
    const { why, words } = nextStep(group);
    return { why, command: commandLine(name, words, { stage: 'prod' }) };
  }
  const step = (reason: string, error: string) =>
    stepOf(deadLetters, groupMessages([failed('inbound', reason, error, 5)], workers)).command;

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
    ['moved_by_sqs', 'none', 'redrive --worker inbound --reason moved_by_sqs --stage prod'],
    ['malformed_message', 'none', 'show --id evt_5 --reveal --stage prod'],
  ])('%s, %s', (reason, error, expected) => {
    expect(step(reason, error)).toBe(`npx zavu-webhooks dead-letters ${expected}`);
  });

  const ofUnrouted = (reason: string, stays?: Stay, worker = 'inbound') => {
    const message = { ...failed(worker, reason, 'none', 5), ...(stays ? { stays } : {}) };
    return stepOf(unroutedEvents, groupMessages([message], workers));
  };

  test.each<[string, Stay | undefined, string, string]>([
    [
      'no_reason',
      undefined,
      'redrive --worker inbound --reason no_reason',
      'The inbound worker handles them',
    ],
    [
      'unreadable',
      undefined,
      'redrive --worker inbound --reason unreadable',
      'The inbound worker handles them',
    ],
    ['unknown_type', 'unrouted', 'redrive --reason unknown_type', 'No worker handles these types'],
    ['unreadable', 'unreadable', 'show --id evt_5 --reveal', 'no type can be read'],
    ['unreadable', 'bound_elsewhere', 'show --id evt_5 --reveal', 'bound to another sender'],
    ['owner_unknown', 'owner_unknown', 'show --id evt_5 --reveal', 'redrive with --reason owner_unknown.'],
    [
      'unreadable',
      'owner_unknown',
      'show --id evt_5 --reveal',
      'redrive with --reason unreadable --reason owner_unknown.',
    ],
    ['age_unknown', 'age_unknown', 'show --id evt_5 --reveal', 'redrive with --reason age_unknown.'],
  ])('of what was unrouted as %s, and a redrive leaves as %s, is %s', (reason, stays, command, why) => {
    const next = ofUnrouted(reason, stays);
    expect(next.command).toBe(`npx zavu-webhooks unrouted ${command} --stage prod`);
    expect(next.why).toContain(why);
  });

  test('unrouted events are grouped by whether a redrive takes them', () => {
    const unrouted = [failed('inbound', 'unreadable', 'none', 1), failed('inbound', 'unreadable', 'none', 2)];
    const groups = groupMessages(
      [...unrouted, { ...failed('inbound', 'unreadable', 'none', 3), stays: 'owner_unknown' }],
      workers,
    );
    expect(groups.map(({ count, stays }) => [count, stays])).toEqual([
      [2, undefined],
      [1, 'owner_unknown'],
    ]);
  });

  test('is a shell command, whatever an id holds', () => {
    expect(commandLine('dead-letters', ['show', '--id', "a'; rm -rf $HOME"], {}, 'linux')).toBe(
      `npx zavu-webhooks dead-letters show --id 'a'\\''; rm -rf $HOME'`,
    );
    expect(commandLine('dead-letters', [], {})).toBe('npx zavu-webhooks dead-letters');
  });

  test('report 2: on Windows it is one of PowerShell, which doubles a quote, and reads a comma as a list', () => {
    expect(commandLine('dead-letters', ['--id', "a'; rm"], { stage: 'a,b' }, 'win32')).toBe(
      "npx zavu-webhooks dead-letters --id 'a''; rm' --stage 'a,b'",
    );
  });
});
