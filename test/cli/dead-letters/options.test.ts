import { deadLetters } from '../../../cli/dead-letters/dead-letters.ts';
import { parseOptions } from '../../../cli/dead-letters/options.ts';
import { unroutedEvents } from '../../../cli/dead-letters/unrouted-events.ts';

const now = Date.UTC(2026, 0, 31);
const parse = (line: string, command = deadLetters) =>
  parseOptions(line.split(' ').filter(Boolean), command, now);

test('without a verb it lists', () => {
  expect(parse('')).toMatchObject({ verb: 'list', reveal: false, filter: { workers: [] }, rate: 50 });
});

test('options that are given several times are all meant', () => {
  expect(parse('redrive --type a --type b --stage prod --rate 500')).toMatchObject({
    filter: { types: ['a', 'b'] },
    deployment: { stage: 'prod' },
    rate: 500,
  });
  expect(parse('export messages.jsonl --worker inbound')).toMatchObject({
    file: 'messages.jsonl',
    filter: { workers: ['inbound'] },
  });
  expect(parse('discard --all --export messages.jsonl')).toMatchObject({ file: 'messages.jsonl' });
});

test.each([
  ['lsit', 'is none of list, show'],
  ['redrive', 'Say which dead letters'],
  ['discard --yes', 'Say which dead letters'],
  ['discard --all --type a', 'contradict'],
  ['redrive --all --rate 0', '--rate must be'],
  ['redrive --all --rate 501', '--rate must be'],
  ['redrive --all --rate 5.5', '--rate must be'],
  ['list --limit 100001', '--limit must be'],
  ['list --rate 5', '--rate means nothing to dead-letters list'],
  ['export messages.jsonl --dry-run', '--dry-run means nothing'],
  ['list messages.jsonl', 'does not take "messages.jsonl"'],
  ['export', 'Name the file'],
  ['show', 'Say which one to show: show --id'],
  ['--since yesterday', '--since must be like'],
  ['--since 2026-02-01', '--since 2026-02-01 is in the future.'],
])('%s is refused with a sentence', (line, sentence) => {
  expect(() => parse(line)).toThrow(sentence);
  expect(() => parse(line)).toThrow(expect.objectContaining({ name: 'UsageError' }));
});

test('a deployment is named by its stage, or by its stack', () => {
  expect(parse('list --stack Mine/Zavu')).toMatchObject({ deployment: { stack: 'Mine/Zavu' } });
  expect(parse('redrive --all --stage prod')).toMatchObject({ deployment: { stage: 'prod' } });
});

test('an option that is not known is refused by its name', () => {
  expect(() => parse('--stagge prod')).toThrow('--stagge');
});

test('unrouted events have reasons', () => {
  expect(parse('redrive --reason owner_unknown', unroutedEvents)).toMatchObject({
    filter: { reasons: ['owner_unknown'] },
  });
  expect(() => parse('redrive', unroutedEvents)).toThrow('--reason, --id');
});

test('unrouted events have no errors', () => {
  expect(() => parse('list --error Error', unroutedEvents)).toThrow('means nothing to unrouted');
});
