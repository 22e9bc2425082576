import { checkActions, type DeployedAlarm } from '../../../cli/smoke/alarms.ts';

const topics = ['arn:aws:sns:eu-west-1:123456789012:alarms'];
const alarm: DeployedAlarm = { name: 'Any', arn: '', state: 'OK', topics, rule: '' };

test.each<[string, DeployedAlarm[], string, string]>([
  ['each has an action', [alarm], 'ok', 'alarms: 1'],
  ['one has none', [alarm, { ...alarm, name: 'Mute', topics: [] }], 'failed', 'No action: Mute.'],
  [
    'one has none, and is part of one that has',
    [
      { ...alarm, rule: 'ALARM("Silence")' },
      { ...alarm, name: 'Silence', topics: [] },
    ],
    'ok',
    'alarms: 2',
  ],
  [
    'one has none, and is part of one that has none either',
    [
      { ...alarm, name: 'Whole', rule: 'ALARM("Silence")', topics: [] },
      { ...alarm, name: 'Silence', topics: [] },
    ],
    'failed',
    'No action: Whole, Silence.',
  ],
  ['there is none', [], 'failed', 'There is no alarm.'],
])('%s', (_case, alarms, result, detail) => {
  expect(checkActions(alarms)).toMatchObject({ result, detail: expect.stringContaining(detail) });
});
