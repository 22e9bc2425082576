import { stripVTControlCharacters } from 'node:util';
import type { AttemptFailure } from '../../../local/failures/failure.ts';
import type { Interruption } from '../../../local/failures/interruption.ts';
import type { Reporter } from '../../../local/report/reporter.ts';
import { textReporter } from '../../../local/report/text-reporter.ts';

const place = { file: 'lambda/handlers/inbound.ts', line: 2, column: 1, code: ['> 2 | ñ();', '    | ^'] };
const failure: AttemptFailure = {
  id: 'evt_1',
  type: 'message.inbound',
  worker: 'inbound',
  attempt: 2,
  attempts: 5,
  name: 'TypeError',
  message: 'no name',
  causes: [{ name: 'Error', message: 'connect ECONNREFUSED' }],
  place,
};

/** The blocks that a reporter writes, without the lines of outcomes above them. */
function blocks(report: (reporter: Reporter) => void): string[] {
  const lines: string[] = [];
  report(textReporter((line) => lines.push(stripVTControlCharacters(line))));
  return lines.filter((line) => line.startsWith(' '.repeat(10))).map((line) => line.slice(10));
}

const outcome = (fields: object) => ({
  writer: 'function' as const,
  functionName: 'f',
  logGroup: '/aws/lambda/f',
  text: JSON.stringify({ id: 'evt_1', worker: 'inbound', attempt: 2, error: 'TypeError', ...fields }),
});
const retried = outcome({ outcome: 'retried', reason: 'failed', retryInSeconds: 60 });

const thrown = [
  'TypeError: no name',
  'at lambda/handlers/inbound.ts:2:1',
  '  > 2 | ñ();',
  '      | ^',
  'caused by Error: connect ECONNREFUSED',
];

test.each([
  ['before', [0, 1]],
  ['after', [1, 0]],
])('what was thrown stands below the line of its attempt, also if it comes %s that', (_, order) => {
  const lines = blocks((report) => {
    const halves = [() => report.attemptFailed(failure), () => report.logged(retried)];
    for (const index of order) halves[index]?.();
  });
  expect(lines.slice(0, -1)).toEqual(thrown);
  expect(lines.at(-1)).toMatch(
    /^Attempt 2 of 5\. The next one comes at \d\d:\d\d:\d\d\. To have it now: npx zavu-webhooks retry evt_1$/,
  );
});

test('it waits for the line of its own attempt, and is shown once', () => {
  const others = [{ attempt: 1 }, { id: 'evt_2' }, { worker: 'other' }, { outcome: 'handled' }];
  const lines = blocks((report) => {
    report.attemptFailed(failure);
    for (const other of others) report.logged(outcome({ outcome: 'retried', ...other }));
  });
  expect(lines).toEqual([]);
  const twice = blocks((report) => {
    report.attemptFailed(failure);
    report.logged(retried);
    report.logged(retried);
  });
  expect(twice).toHaveLength(thrown.length + 1);
});

test('an id that a shell would take for more than a word is quoted in what is to be pasted', () => {
  const id = 'evt_1; rm -rf "$HOME"';
  const lines = blocks((report) => {
    report.attemptFailed({ ...failure, id });
    report.logged(outcome({ id, outcome: 'retried' }));
    report.failed('f', 'inbound', {
      reason: 'exited',
      events: [{ id, type: 'message.inbound' }],
      backInSeconds: 30,
      uncaught: undefined,
      isRejection: false,
      place: undefined,
      isWaiting: false,
    });
  });
  const commands = lines.filter((line) => line.includes('npx zavu-webhooks'));
  expect(commands).toHaveLength(2);
  for (const line of commands) expect(line).toMatch(/ retry 'evt_1; rm -rf "\$HOME"'$/);
});

test('of a dead letter it says how to have it tried again', () => {
  const lines = blocks((report) => {
    report.attemptFailed({ ...failure, attempt: 5 });
    report.logged(outcome({ outcome: 'dead_lettered', attempt: 5 }));
  });
  expect(lines.at(-1)).toBe(
    'Attempt 5 of 5. To have it tried again: npx zavu-webhooks dead-letters redrive --id evt_1',
  );
});

test('a message is bounded, and moves no cursor', () => {
  const hostile = `\u001b[2J\u202e${'x'.repeat(300_000)}\n`.repeat(20);
  const lines = blocks((report) => {
    report.attemptFailed({
      ...failure,
      message: hostile,
      name: hostile,
      causes: [{ name: hostile, message: hostile }],
    });
    report.logged(retried);
  });
  const text = lines.filter((line) => !line.includes('ñ')).join('\n');
  expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  expect(text.length).toBeLessThan(3_000);
});

const died: Interruption = {
  reason: 'exited with status 1',
  events: [
    { id: 'evt_1', type: 'message.inbound' },
    { id: 'evt_2', type: 'message.inbound' },
  ],
  backInSeconds: 178,
  uncaught: undefined,
  isRejection: false,
  place: undefined,
  isWaiting: false,
};
const underWay =
  'Under way: evt_1, evt_2, back in about 178 s. To have one now: npx zavu-webhooks retry evt_1';

test.each([
  ['nothing more', {}, [underWay]],
  ['where it was', { place }, [...thrown.slice(1, 4), underWay]],
  [
    'that it waited',
    { isWaiting: true },
    ['No code ran: it waited for something. Pass `signal` to what it calls.', underWay],
  ],
  ['what nobody caught', { uncaught: failure }, ['Nobody caught:', ...thrown, underWay]],
  [
    'what a promise was rejected with',
    { uncaught: failure, isRejection: true },
    ['A promise was rejected that nobody awaits:', ...thrown, underWay],
  ],
  ['nothing of events, if none is known', { events: [] }, []],
  [
    'ten of many events',
    { events: Array.from({ length: 12 }, (_, index) => ({ id: `e${index}`, type: 'any' })) },
    [expect.stringMatching(/^Under way: e0, .*, e9 and 2 more, back/)],
  ],
])('a failed invocation tells %s', (_, fields, lines) => {
  expect(blocks((report) => report.failed('f', 'inbound', { ...died, ...fields }))).toEqual(lines);
});

test('code that prints is warned of once for each place', () => {
  const printed = (line: number) => ({
    function: 'f',
    worker: 'inbound',
    method: 'log',
    place: { ...place, line },
  });
  const lines = blocks((report) => {
    for (const line of [2, 2, 3, 2]) report.printed(printed(line));
  });
  expect(lines.filter((line) => line.startsWith('console.log prints into CloudWatch'))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith('Use the `logger`'))).toHaveLength(2);
});
