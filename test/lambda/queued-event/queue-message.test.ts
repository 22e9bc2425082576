import fc from 'fast-check';
import { messageAttributes, messageGroup } from '../../../lambda/queued-event/queue-message.ts';

test('attributes are texts, and what there is nothing to say of has none: SQS takes no empty one', () => {
  expect(messageAttributes({})).toEqual({});
  expect(messageAttributes({ encoding: undefined, receivedAt: undefined, boundTo: [] })).toEqual({});
  expect(
    messageAttributes({
      encoding: 'base64',
      receivedAt: 7,
      reason: 'unreadable',
      boundTo: [{ sender: 'snd_1' }],
    }),
  ).toEqual({ encoding: 'base64', receivedAt: '7', reason: 'unreadable', boundTo: '[{"sender":"snd_1"}]' });
});

describe('messageGroup', () => {
  test('is the project, or the sender if there is no project', () => {
    expect(messageGroup({ projectId: 'prj_1', senderId: 'snd_1' })).toBe('prj_1');
    expect(messageGroup({ senderId: 'snd_1' })).toBe('snd_1');
    expect(messageGroup({})).toBe('none');
  });

  test('is always one that SQS takes, and two projects never share it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (projectId) => {
        const group = messageGroup({ projectId });
        expect(group).toMatch(/^[\w-]{1,128}$/);
        expect(messageGroup({ projectId: `${projectId}x` })).not.toBe(group);
      }),
    );
  });
});
