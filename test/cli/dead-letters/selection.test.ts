import { createQueueCommand } from '../../../cli/dead-letters/command.ts';
import { deadLetters } from '../../../cli/dead-letters/dead-letters.ts';
import { assertChosen, filterOf, type SelectionOptions } from '../../../cli/dead-letters/selection.ts';
import { unroutedEvents } from '../../../cli/dead-letters/unrouted-events.ts';

const now = Date.UTC(2026, 0, 31);
const none: SelectionOptions = { worker: [], type: [], reason: [], error: [], id: [], limit: 1 };

/** Runs a command that is refused before any queue is asked. */
const run = (line: string, command = deadLetters) =>
  createQueueCommand(command).parseAsync(line.split(' '), { from: 'user' });

test('options make a filter, and those of an option that is given several times are all meant', () => {
  expect(filterOf({ ...none, type: ['a', 'b'], from: now - 2, to: now - 1 }, now)).toEqual({
    workers: [],
    types: ['a', 'b'],
    reasons: [],
    errors: [],
    places: [],
    ids: [],
    from: now - 2,
    to: now - 1,
  });
});

test.each([
  ['lsit', '"lsit" is none of list, show, redrive, discard, export. Did you mean list?'],
  ['redrive', 'Say which dead letters'],
  ['discard --yes', 'Say which dead letters'],
  ['discard --all --type a', 'contradict'],
  ['redrive --all --rate 0', '--rate must be'],
  ['redrive --all --rate 501', '--rate must be a whole number from 1 to 500'],
  ['redrive --all --rate 5.5', '--rate must be'],
  ['list --limit 100001', '--limit must be'],
  ['list --rate 5', "Unknown option '--rate'"],
  ['export messages.jsonl --dry-run', "Unknown option '--dry-run'"],
  ['export messages.jsonl more.jsonl', 'Too many arguments'],
  ['export', "Missing required argument 'file'"],
  ['show', 'Say which one to show: --id'],
  ['--from yesterday', '--from must be like'],
  ['--from 2999-02-01', '--from is in the future.'],
  ['--from 1h --to 2h', '--to must be later than --from.'],
  ['--stagge prod', "Unknown option '--stagge'. Did you mean --stage?"],
])('%s is refused with a sentence', async (line, sentence) => {
  const error = await run(line).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(sentence) });
});

test('unrouted events have no errors', async () => {
  await expect(run('list --error Error', unroutedEvents)).rejects.toThrow("Unknown option '--error'");
  await expect(run('list --place a.mjs:1:2', unroutedEvents)).rejects.toThrow("Unknown option '--place'");
  expect(() => assertChosen(filterOf(none, now), unroutedEvents, undefined)).toThrow('--reason, --id');
});

test('a filter, or all, is chosen', () => {
  expect(() => assertChosen(filterOf(none, now), deadLetters, true)).not.toThrow();
  const byReason = filterOf({ ...none, reason: ['timed_out'] }, now);
  expect(() => assertChosen(byReason, deadLetters, undefined)).not.toThrow();
});
