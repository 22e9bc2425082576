import { stripVTControlCharacters } from 'node:util';
import type { AlarmEvent } from '../../local/aws/cloudwatch/alarm-event.ts';
import { jsonReport, textReport } from '../../local/report.ts';

const fires: AlarmEvent = {
  event: 'alarm',
  name: 'MonitoringDeadLettersInbound0A1B2C3D',
  state: 'ALARM',
  acts: true,
  delivered: true,
  readers: ['on-call@example.com', 'arn:aws:sqs:us-east-1:000000000000:Pages'],
};
const unread: AlarmEvent = { ...fires, reason: 'nobody subscribes to the topic', readers: [] };
const clears: AlarmEvent = { ...unread, state: 'OK', delivered: false, reason: 'it has no action for OK' };
/** An alarm that only a composite alarm asks for. */
const part: AlarmEvent = { ...clears, acts: false };

/** What people read of an alarm, without the time. */
function textOf(event: AlarmEvent): string[] {
  const lines: string[] = [];
  textReport((line) => lines.push(stripVTControlCharacters(line))).alarm(event);
  return lines.map((line) => line.slice('00:00:00'.length).replace(/\s+/g, ' ').trim());
}

test.each([
  [
    'one that fires says whom it tells',
    fires,
    ['alarm fires DeadLettersInbound tells on-call@example.com, arn:aws:sqs:us-east-1:000000000000:Pages'],
  ],
  [
    'one that nobody reads says why',
    unread,
    ['alarm fires DeadLettersInbound nobody subscribes to the topic'],
  ],
  ['one that clears says so', clears, ['alarm clears DeadLettersInbound it has no action for OK']],
  [
    'a composite has the name of what it watches',
    { ...fires, name: 'EndToEndMonitoringCanaryAlarm34C771DB' },
    ['alarm fires Canary tells on-call@example.com, arn:aws:sqs:us-east-1:000000000000:Pages'],
  ],
  ['a part of another says nothing', part, []],
])('a line of text about an alarm: %s', (_case, event, lines) => {
  expect(textOf(event)).toEqual(lines);
});

test.each([[fires], [unread], [clears], [part]])('a line of JSON about an alarm has all of it', (event) => {
  const lines: string[] = [];
  jsonReport((line) => lines.push(line)).alarm(event);
  expect(lines.map((line) => JSON.parse(line))).toEqual([event]);
});

test.each([
  ['WorkersInbound0A1B2C3D', 'inbound', 'inbound', ['workerMemoryMb', 'workers.inbound.memoryMb']],
  ['ReceiverFunction0A1B2C3D', undefined, 'receiver', ['receiverMemoryMb']],
  ['Export0A1B2C3D', undefined, '', ['the MemorySize of Export0A1B2C3D']],
])('the memory of %s: both reports name what to raise', (name, worker, who, settings) => {
  const excess = { function: name, worker, usedMb: 143, memoryMb: 128 };
  const text: string[] = [];
  const json: string[] = [];
  textReport((line) => text.push(stripVTControlCharacters(line))).memoryExceeded(excess);
  jsonReport((line) => json.push(line)).memoryExceeded(excess);
  const [read = ''] = text.map((line) => line.slice('00:00:00'.length).replace(/\s+/g, ' ').trim());
  const told = `holds 143 MB and has 128: AWS would kill it. Raise ${settings.join(' or ')}`;
  expect(read).toBe(['memory', who, told].filter(Boolean).join(' '));
  expect(json.map((line) => JSON.parse(line))).toEqual([
    { event: 'memory_exceeded', ...excess, setting: settings.join(', ') },
  ]);
});
