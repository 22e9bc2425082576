import { alarmEvent } from '../../../../local/aws/cloudwatch/alarm-event.ts';
import type { Notification } from '../../../../local/aws/cloudwatch/alarm-states.ts';

const event = (...notifications: Notification[]) =>
  alarmEvent({ name: 'Errors', from: 'OK', to: 'ALARM', reason: 'it crashed', acts: true, notifications });
const taken: Notification = { topic: 'a', delivered: true, readers: ['oncall@example.com'] };
const refused: Notification = { topic: 'b', delivered: false, reason: 'no policy allows it', readers: [] };
const unknown: Notification = {
  topic: 'c',
  delivered: 'unknown',
  reason: 'a topic of your own',
  readers: [],
};

test('says that an alarm fires, and who would read it', () => {
  expect(event(taken)).toEqual({
    event: 'alarm',
    name: 'Errors',
    state: 'ALARM',
    acts: true,
    delivered: true,
    readers: ['oncall@example.com'],
  });
});

test.each([
  ['one that is refused', [taken, refused, unknown], false, 'no policy allows it; a topic of your own'],
  ['one that is not known', [taken, unknown], 'unknown', 'a topic of your own'],
  ['none at all', [], false, 'it has no action for ALARM'],
])('among notifications with %s, delivered is not true', (_case, notifications, delivered, reason) => {
  expect(event(...notifications)).toMatchObject({ delivered, reason });
});
