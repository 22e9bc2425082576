import type { MessageItem } from '../../../cli/event/message-items.ts';
import { eventIdsOf, type MessageAccount } from '../../../cli/message/account.ts';
import { messageDocument } from '../../../cli/message/document.ts';
import { messageText } from '../../../cli/message/text.ts';

const at = Date.UTC(2026, 0, 31, 9);

const item: MessageItem = {
  owner: 'prj_1#snd_1',
  status: 'failed',
  channel: 'sms',
  errorCode: '30003',
  projectId: 'prj_1',
  senderId: 'snd_1',
  reports: {
    failed: {
      at: at + 2_000,
      eventId: 'evt_2',
      channel: 'sms',
      errorCode: '30003',
      data: '{"to":"+56912345678"}',
    },
    queued: { at, eventId: 'evt_1', channel: 'sms' },
  },
  updatedAt: at + 2_000,
  expiresAt: (at + 86_400_000) / 1_000,
};

const line = {
  at: at + 3_000,
  part: 'delivery',
  message: 'message_failed',
  fields: { id: 'evt_3', type: 'message.failed', messageId: 'msg_1' },
  others: {},
};

const account: MessageAccount = {
  id: 'msg_1',
  from: at,
  to: undefined,
  items: [item],
  lines: [line],
  eventIds: eventIdsOf([item], [line]),
  notAsked: [],
};

const display = { reveal: false, now: at, choice: {} };

test('a message is told by its status, each step, and the events that said so', () => {
  const text = messageText(account, display);
  expect(text).toContain('msg_1, outbound, sms: failed, error 30003\nof project prj_1, sender snd_1\n');
  expect(text).toMatch(/09:00:00.000Z {2}queued {2}.* evt_1\n.*09:00:02.000Z {2}failed {2}.* 30003 +evt_2\n/);
  expect(text).toContain('delivery  message.failed: message_failed, messageId=msg_1\n');
  expect(text).toMatch(/ event evt_1\n.* event evt_2\n.* event evt_3$/);
});

test('contents are shown by --reveal alone', () => {
  expect(messageText(account, display)).not.toContain('+569');
  expect(JSON.stringify(messageDocument(account, false))).not.toContain('+569');
  expect(messageText(account, { ...display, reveal: true })).toContain('failed: {"to":"+56912345678"}');
  expect(JSON.stringify(messageDocument(account, true))).toContain('+569');
});

test('a message that a customer wrote is inbound', () => {
  const received = { ...item, reports: { received: { at, eventId: 'evt_1' } } };
  expect(messageDocument({ ...account, items: [received] }, false)).toMatchObject({
    items: [{ direction: 'inbound', steps: [{ status: 'received', eventId: 'evt_1' }] }],
  });
});

test('what stands for an id that was not logged is no event', () => {
  expect(eventIdsOf([], [{ ...line, fields: { id: '(text)' } }, line, line])).toEqual(['evt_3']);
});

test('if nothing is known, it says where else to look', () => {
  const text = messageText({ ...account, items: [], lines: [], eventIds: [] }, display);
  expect(text).toMatch(/^Nothing is known of the message msg_1\.\n.*--from/s);
});
