import { parseContextOptions } from '../../../lib/settings/context-option.ts';

test('names and values: a value may be empty, and may hold further "="', () => {
  expect(parseContextOptions([])).toEqual({});
  expect(parseContextOptions(['stage=prod', 'alarmEmail=', 'runbookUrl=https://a.example/?page=1'])).toEqual({
    stage: 'prod',
    alarmEmail: '',
    runbookUrl: 'https://a.example/?page=1',
  });
});

test.each(['tracing', '=true', ''])('-c %s is refused, with how to give it', (pair) => {
  expect(() => parseContextOptions(['stage=prod', pair])).toThrow(
    `-c ${pair} is no setting. Give it as -c name=value.`,
  );
});
