import fc from 'fast-check';
import { addToMessage } from '../../../../lambda/messages/message.ts';
import { isMessageEvent } from '../../../../lambda/messages/status-change.ts';
import { addToTemplate, isTemplateEvent } from '../../../../lambda/messages/template.ts';
import type { Listed, ListName } from '../../../../lambda/reconcile/api/zavu-project.ts';
import { reachedStates } from '../../../../lambda/reconcile/rebuild/reached-state.ts';
import { type RebuildContext, rebuildEvent } from '../../../../lambda/reconcile/rebuild/rebuilt-event.ts';
import type { Envelope } from '../../../../lambda/zavu/envelope.ts';
import { readEnvelope } from '../../../../lambda/zavu/envelope.ts';
import { type Event, parseEvent } from '../../../../lambda/zavu/event.ts';
import { readPage, rowsUnder } from '../../../docs/page.ts';
import { id as ids, now, time } from './api-objects.ts';

/**
 * One thing that happened, told by Zavu's webhook and by its API, each in its own words. What the stack makes of both must be
 * the same, but for the fields that docs/handlers.md says are gone.
 */
interface Told {
  webhook: Envelope;
  name: ListName;
  object: object;
  around: Omit<RebuildContext, 'projectId'>;
}

const gone = new Map(
  rowsUnder(readPage('docs/handlers.md'), 'rebuilt', 'gone from the event').flatMap(
    ([types = '', ofEvent = '', ofData = '']) =>
      namesIn(types).map((type) => [type, { ofEvent: namesIn(ofEvent), ofData: namesIn(ofData) }] as const),
  ),
);

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const id = ids.filter(({ length }) => length <= 200);
const channel = fc.constantFrom('sms', 'whatsapp', 'telegram', 'email');
const address = fc.constantFrom('+56912345678', 'US.1349', 'ana@example.com');
const flag = fc.boolean();
const projectId = 'k57abc123def456';
const senderId = 'jx7snd123abc';

/** What both words for one thing need. */
const basis = fc.record({ id, event: id, time, channel, address, text, name: text, flag, choice: fc.nat(9) });
type Basis = typeof basis extends fc.Arbitrary<infer Value> ? Value : never;

const envelope = ({ event, time: at }: Basis, type: string, data: Record<string, unknown>): Envelope => ({
  id: event,
  type,
  timestamp: at.getTime(),
  senderId,
  projectId,
  data,
});

function inbound(basis: Basis): Told {
  const { id: messageId, time: at, address: from, channel, text, name, flag, choice } = basis;
  const contents: readonly (readonly [string, object, object])[] = [
    ['text', {}, {}],
    [
      'image',
      { mediaId: name, mimeType: 'image/png' },
      { mediaId: name, mimeType: 'image/png', mediaUrl: 'x' },
    ],
    [
      'location',
      { latitude: 1, longitude: choice, name, address: text },
      { latitude: 1, longitude: choice, locationName: name, locationAddress: text },
    ],
    ['reaction', { emoji: '👍', reactToMessageId: name }, { emoji: '👍', reactToMessageId: name }],
    ['contact', { contacts: [{ name, phones: [from] }] }, { contacts: [{ name, phones: [from] }] }],
    [
      'text',
      { replyToMessageId: name, replyToFrom: from, replyToText: text },
      { replyToMessageId: name, replyToFrom: from, replyToText: text },
    ],
  ];
  const [messageType = '', said = {}, stored = {}] = contents[choice % contents.length] ?? [];
  const referral = flag ? { ctwaClid: name } : undefined;
  const common = { from, to: '+1', channel, text, conversationId: name, messageType };
  const isThere = (content: object) => Object.keys(content).length > 0;
  const whole = { ...stored, ...(referral ? { referral } : {}) };
  return {
    webhook: envelope(basis, 'message.inbound', {
      messageId,
      ...common,
      ...(isThere(said) ? { content: said } : {}),
      ...(referral ? { referral } : {}),
      profileName: name,
      status: 'received',
      providerTimestamp: at.getTime() - 1_000,
      isGroup: flag,
      groupId: name,
      groupAuthor: from,
      groupName: name,
    }),
    name: 'messages',
    object: {
      ...common,
      id: messageId,
      direction: 'inbound',
      status: flag ? 'received' : 'delivered',
      senderId,
      createdAt: at.toISOString(),
      updatedAt: new Date(at.getTime() + 5_000).toISOString(),
      ...(isThere(whole) ? { content: whole } : {}),
    },
    around: { profileName: name },
  };
}

function outbound(basis: Basis): Told {
  const { id: messageId, time: at, address: to, channel, text, name, flag, choice } = basis;
  const statuses = ['queued', 'sent', 'delivered', 'read', 'failed'];
  const status = statuses[choice % statuses.length] ?? '';
  const errors = flag ? { errorCode: '30003', errorMessage: text } : { errorCode: null, errorMessage: null };
  const templateId = flag ? name : null;
  return {
    webhook: envelope(basis, `message.${status}`, {
      messageId,
      to,
      channel,
      status,
      ...(status === 'queued' ? { templateId } : errors),
    }),
    name: 'messages',
    object: {
      id: messageId,
      direction: 'outbound',
      status: status === 'sent' && flag ? 'sending' : status,
      senderId,
      to,
      from: '+1',
      channel,
      text,
      messageType: 'text',
      createdAt: new Date(at.getTime() - 60_000).toISOString(),
      updatedAt: at.toISOString(),
      ...errors,
      ...(templateId === null ? {} : { content: { templateId } }),
    },
    around: {},
  };
}

function conversation(basis: Basis): Told {
  const { id: conversationId, time: at, address, channel, text, name } = basis;
  const key = channel === 'email' ? { email: address } : { phoneNumber: address };
  const first = { id: name, channel, text } as Listed['messages'];
  return {
    webhook: envelope(basis, 'conversation.new', {
      conversationId,
      ...key,
      channel,
      firstMessageId: name,
      firstMessageText: text,
      profileName: name,
    }),
    name: 'conversations',
    object: {
      id: conversationId,
      channels: ['voice', channel],
      contactIdentifier: address,
      createdAt: at.toISOString(),
      messageCount: 7,
      lastMessage: { id: 'last', text: 'last', channel: 'voice' },
      senderId,
    },
    around: { profileName: name, firstMessage: first },
  };
}

function call(basis: Basis): Told {
  const { id: callId, time: at, address: from, name, flag, choice } = basis;
  const [event = '', status = ''] =
    [
      ['initiated', 'ringing'],
      ['answered', 'in_progress'],
      ['completed', 'completed'],
      ['failed', 'no_answer'],
    ][choice % 4] ?? [];
  const isOver = choice % 4 > 1;
  const common = { direction: flag ? 'inbound' : 'outbound', from, to: '+1', status };
  const end = isOver
    ? { durationSeconds: choice, endReason: name }
    : { durationSeconds: null, endReason: null };
  const iso = at.toISOString();
  const earlier = new Date(at.getTime() - 60_000).toISOString();
  return {
    webhook: envelope(basis, `call.${event}`, {
      callId,
      ...common,
      ...end,
      transcriptAvailable: isOver,
      ...(isOver ? { cost: 0.5, currency: 'USD' } : {}),
    }),
    name: 'calls',
    object: {
      ...common,
      ...end,
      id: callId,
      createdAt: event === 'initiated' ? iso : earlier,
      answeredAt: event === 'answered' ? iso : null,
      endedAt: isOver ? iso : null,
      cost: isOver ? 0.5 : null,
    },
    around: {},
  };
}

function invitation(basis: Basis): Told {
  const { id: invitationId, time: at, text: clientName, name, choice } = basis;
  const [status = '', field = ''] =
    [
      ['in_progress', 'startedAt'],
      ['completed', 'completedAt'],
      ['failed', 'failedAt'],
      ['cancelled', 'updatedAt'],
    ][choice % 4] ?? [];
  const common = { clientName, clientEmail: null, connectionType: 'messenger' };
  const account = { senderId: name, connectedAccount: { channel: 'messenger', id: name, name } };
  const failure = { failureReason: 'fb_cancelled' };
  const ofStatus = status === 'completed' ? account : status === 'failed' ? failure : {};
  return {
    webhook: envelope(basis, 'invitation.status_changed', {
      invitationId,
      ...common,
      previousStatus: 'pending',
      currentStatus: status,
      ...ofStatus,
    }),
    name: 'invitations',
    object: {
      ...common,
      ...{ senderId: null, connectedAccount: null, failureReason: null },
      ...ofStatus,
      id: invitationId,
      status,
      createdAt: new Date(at.getTime() - 60_000).toISOString(),
      [field]: at.toISOString(),
    },
    around: {},
  };
}

function template(basis: Basis): Told {
  const { id: templateId, time: at, name, flag, choice } = basis;
  const status = ['pending', 'approved', 'rejected'][choice % 3] ?? '';
  return {
    webhook: envelope(basis, 'template.status_changed', {
      templateId,
      name,
      status,
      ...(flag ? { reason: 'content_filtered' } : {}),
    }),
    name: 'templates',
    object: { id: templateId, name, status, body: 'Hi', updatedAt: at.toISOString() },
    around: {},
  };
}

function broadcast(basis: Basis): Told {
  const { id: broadcastId, time: at, name, choice } = basis;
  const [status = '', field = ''] =
    [
      ['sending', 'startedAt'],
      ['completed', 'completedAt'],
      ['paused', 'updatedAt'],
    ][choice % 3] ?? [];
  return {
    webhook: envelope(basis, 'broadcast.status_changed', { broadcastId, status }),
    name: 'broadcasts',
    object: { id: broadcastId, name, status, senderId, [field]: at.toISOString() },
    around: {},
  };
}

const without = (fields: object, names: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** What a handler sees, without what is gone. */
function viewOf(event: Envelope) {
  const read = readEnvelope(JSON.stringify(event), now);
  const parsed = read && parseEvent(read.event);
  if (!parsed) throw new Error(`${event.type} is no event.`);
  const { ofEvent, ofData } = gone.get(event.type) ?? { ofEvent: [], ofData: [] };
  const data = without(parsed.event.data, ofData);
  return { drift: parsed.drift, ...without(parsed.event, ofEvent), data };
}

/** What the messages table makes of it, without the event's id, its owner, and what is gone from its data. */
function itemOf(event: Envelope, storeMessageContent: boolean) {
  const recording = { storeMessageContent, now };
  const { ofEvent, ofData } = gone.get(event.type) ?? { ofEvent: [], ofData: [] };
  const told = { ...without(event, ofEvent), id: 'same', data: without(event.data, ofData) } as Event;
  if (isMessageEvent(told)) {
    const { contentBytes: _bytes, ...item } = addToMessage(undefined, told, recording);
    const { data, contentBytes: _ofData, ...report } = { ...item[item.status] };
    return { ...item, [item.status]: report, data: data === undefined ? undefined : JSON.parse(data) };
  }
  return isTemplateEvent(told) ? addToTemplate(undefined, told, recording) : undefined;
}

const seen = new Set<string>();
const tellers = { inbound, outbound, conversation, call, invitation, template, broadcast };
test.each(Object.entries(tellers))('%s: the webhook and the API say the same', (_, tell) => {
  fc.assert(
    fc.property(basis.map(tell), fc.boolean(), ({ webhook, name, object, around }, storeMessageContent) => {
      const states = reachedStates(name, JSON.parse(JSON.stringify(object)), now);
      const state = states.find(({ type }) => type === webhook.type);
      if (!state) throw new Error(`${webhook.type} is not rebuilt.`);
      const rebuilt = rebuildEvent(name, JSON.parse(JSON.stringify(object)), state, {
        projectId,
        ...around,
      });
      expect(viewOf(rebuilt)).toEqual(viewOf(webhook));
      expect(itemOf(rebuilt, storeMessageContent)).toEqual(itemOf(webhook, storeMessageContent));
      seen.add(webhook.type);
    }),
    { numRuns: 60 },
  );
});

test('every type that can be rebuilt was compared', () => {
  expect([...seen].sort()).toEqual([...gone.keys()].sort());
});
