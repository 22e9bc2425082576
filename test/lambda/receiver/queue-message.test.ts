import fc from 'fast-check';
import { messageBody, messageGroup } from '../../../lambda/receiver/queue-message.ts';

test('a message reads as the event that was signed, in ASCII alone', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      const body = messageBody(text);
      expect(body).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.parse(body)).toEqual(JSON.parse(text));
    }),
    { numRuns: 5_000 },
  );
});

test.each(['👋', '\uffff', '\ufffe', '\ud83d', '\u2028', 'ñ'])('%j survives, in ASCII', (text) => {
  expect(messageBody(text)).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(messageBody(`{"text":"${text}"}`))).toEqual({ text });
});

describe('messageGroup', () => {
  const event = { id: 'evt_1', type: 'x', timestamp: 1, data: {} };

  test('is the project, or the sender where there is no project', () => {
    expect(messageGroup({ ...event, projectId: 'prj_1', senderId: 'snd_1' })).toBe('prj_1');
    expect(messageGroup({ ...event, projectId: null, senderId: 'snd_1' })).toBe('snd_1');
    expect(messageGroup(event)).toBe('none');
  });

  test('is always one that SQS takes, and two projects never share it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (projectId) => {
        const group = messageGroup({ ...event, projectId });
        expect(group).toMatch(/^[\w-]{1,128}$/);
        expect(messageGroup({ ...event, projectId: `${projectId}x` })).not.toBe(group);
      }),
    );
  });
});
