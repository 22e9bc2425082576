import { parseChoice } from '../../../cli/dead-letters/options.ts';
import { deadLetters, unroutedEvents } from '../../../cli/dead-letters/redrive-source.ts';

const now = Date.UTC(2026, 0, 31);
const parse = (line: string, kind = deadLetters) => parseChoice(line.split(' ').filter(Boolean), kind, now);

test('without a verb it lists', () => {
  expect(parse('')).toMatchObject({ verb: 'list', reveal: false, workers: [] });
  expect(parse('--help')).toBeUndefined();
});

test('options that are given several times are all meant', () => {
  expect(parse('redrive --type a --type b --stage prod --rate 500')).toMatchObject({
    filter: { types: ['a', 'b'] },
    deployment: { stage: 'prod' },
    rate: 500,
  });
  expect(parse('export letters.jsonl --worker inbound')).toMatchObject({
    file: 'letters.jsonl',
    workers: ['inbound'],
  });
  expect(parse('discard --all --export letters.jsonl')).toMatchObject({ file: 'letters.jsonl' });
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
  ['export letters.jsonl --dry-run', '--dry-run means nothing'],
  ['list letters.jsonl', 'does not take "letters.jsonl"'],
  ['export', 'Name the file'],
  ['show', 'Say which: show --id'],
  ['--worker inbond', 'There are: inbound'],
  ['--since yesterday', '--since must be like'],
  ['--stagge prod', '--stagge'],
])('%s is refused with a sentence', (line, sentence) => {
  expect(() => parse(line)).toThrow(sentence);
  expect(() => parse(line)).toThrow(expect.objectContaining({ name: 'UsageError' }));
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
