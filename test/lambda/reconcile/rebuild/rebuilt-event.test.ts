import fc from 'fast-check';
import { subjectOf } from '../../../../lambda/messages/subject.ts';
import { type Listed, type ListName, listNames } from '../../../../lambda/reconcile/api/zavu-project.ts';
import { contentFields } from '../../../../lambda/reconcile/rebuild/content.ts';
import { type ReachedState, reachedStates } from '../../../../lambda/reconcile/rebuild/reached-state.ts';
import { type RebuildContext, rebuildEvent } from '../../../../lambda/reconcile/rebuild/rebuilt-event.ts';
import { catalogue } from '../../../../lambda/zavu/catalogue.ts';
import { readEnvelope } from '../../../../lambda/zavu/envelope.ts';
import { type Event, parseEvent } from '../../../../lambda/zavu/event.ts';
import { hostileObject, listed, message, now } from './api-objects.ts';

const context: fc.Arbitrary<RebuildContext> = fc.record({
  projectId: fc.constant('k57abc123def456'),
  profileName: fc.option(fc.string(), { nil: undefined }),
  firstMessage: message.map((each) => JSON.parse(JSON.stringify(each)) as Listed['messages']),
});

/** What a worker reads of a rebuilt event. */
function read(event: object) {
  const found = readEnvelope(JSON.stringify(event), now);
  if (!found) throw new Error('unreadable');
  const parsed = parseEvent(found.event);
  if (!parsed) throw new Error('of no known type');
  return { envelope: found, event: parsed.event, drift: parsed.drift };
}

const rebuilt = (name: ListName, object: Listed[ListName], state: ReachedState, around: RebuildContext) =>
  rebuildEvent(name, object as never, state, around);

describe.each(listNames)('of %s', (name) => {
  test('a rebuilt event is one as the catalogue has it, about its own subject', () => {
    let count = 0;
    fc.assert(
      fc.property(listed(name), context, (object, around) => {
        for (const state of reachedStates(name, object, now)) {
          const built = rebuilt(name, object, state, around);
          const { envelope, event, drift } = read(built);
          expect({ drift, envelopeDrift: envelope.drift }).toEqual({ drift: [], envelopeDrift: [] });
          expect(event).toEqual(JSON.parse(JSON.stringify(built)));
          expect(built).toMatchObject({ type: state.type, timestamp: state.at, projectId: around.projectId });
          expect(subjectOf(event)).toEqual(state.subject);
          count++;
        }
      }),
      { numRuns: 80 },
    );
    expect(count).toBeGreaterThan(20);
  });

  test('whatever the API says, nothing is thrown, and an event stays as it was built', () => {
    let count = 0;
    fc.assert(
      fc.property(hostileObject(name), context, (object, around) => {
        for (const state of reachedStates(name, object, now)) {
          const built = rebuilt(name, object, state, around);
          const written = JSON.stringify(built);
          const found = readEnvelope(written, now);
          expect(found?.drift).toEqual([]);
          expect(JSON.stringify(found?.event)).toBe(written);
          expect(parseEvent(JSON.parse(written))).toBeDefined();
          expect(subjectOf(JSON.parse(written) as Event)).toEqual(state.subject);
          count++;
        }
      }),
      { numRuns: 80 },
    );
    expect(count).toBeGreaterThan(8);
  });
});

test('a content has every field that the catalogue knows', () => {
  const { content } = catalogue['message.inbound']._zod.def.shape;
  expect(Object.keys(content._zod.def.innerType._zod.def.innerType._zod.def.shape)).toEqual([
    ...contentFields,
  ]);
});

const at = '2026-10-31T12:00:00.000Z';
const timestamp = Date.parse(at);
const first = { id: 'k57msg456abc', text: "Hi, I'm interested in your product", channel: 'whatsapp' };

/** What is built of an object's last state. */
function last<Name extends ListName>(name: Name, object: object, around: Partial<RebuildContext> = {}) {
  const state = reachedStates(name, object as Listed[Name], now).at(-1);
  if (!state) throw new Error('No state.');
  return rebuilt(name, object as Listed[Name], state, { projectId: 'p', ...around });
}

test.each<[string, ListName, object, Partial<RebuildContext>, object]>([
  [
    'an inbound message',
    'messages',
    {
      id: 'm',
      direction: 'inbound',
      status: 'delivered',
      channel: 'whatsapp',
      from: '+56912345678',
      to: '+14155551234',
      createdAt: at,
      updatedAt: '2026-10-31T13:00:00Z',
      messageType: 'location',
      conversationId: 'c',
      senderId: 's',
      text: 'here',
      content: {
        latitude: 1.5,
        longitude: 2,
        locationName: 'Office',
        locationAddress: 'Main St 1',
        referral: { ctwaClid: 'x' },
        buttons: [],
        mediaUrl: 'https://example.com',
      },
    },
    { profileName: 'Ana' },
    {
      id: 'reconciled:message:m:received',
      type: 'message.inbound',
      timestamp,
      senderId: 's',
      projectId: 'p',
      data: {
        messageId: 'm',
        from: '+56912345678',
        to: '+14155551234',
        channel: 'whatsapp',
        text: 'here',
        conversationId: 'c',
        messageType: 'location',
        content: { latitude: 1.5, longitude: 2, name: 'Office', address: 'Main St 1' },
        profileName: 'Ana',
        referral: { ctwaClid: 'x' },
      },
    },
  ],
  [
    'a message without a sender and a number',
    'messages',
    { id: 'm', direction: 'inbound', status: 'received', channel: 'sms', createdAt: at },
    {},
    { data: { messageId: 'm', from: null, channel: 'sms' } },
  ],
  [
    'a queued message',
    'messages',
    {
      id: 'm',
      direction: 'outbound',
      status: 'pending_url_verification',
      channel: 'whatsapp',
      to: '+1',
      createdAt: at,
      content: { templateId: 't' },
    },
    {},
    {
      type: 'message.queued',
      timestamp,
      data: { messageId: 'm', to: '+1', channel: 'whatsapp', status: 'queued', templateId: 't' },
    },
  ],
  [
    'a failed message',
    'messages',
    {
      id: 'm',
      direction: 'outbound',
      status: 'failed',
      channel: 'sms',
      to: '+1',
      createdAt: '2026-10-30T12:00:00Z',
      updatedAt: at,
      errorCode: '30003',
    },
    {},
    {
      type: 'message.failed',
      timestamp,
      data: {
        messageId: 'm',
        to: '+1',
        channel: 'sms',
        status: 'failed',
        errorCode: '30003',
        errorMessage: null,
      },
    },
  ],
  [
    'a conversation',
    'conversations',
    { id: 'c', createdAt: at, channels: ['email'], contactIdentifier: '+56912345678', messageCount: 2 },
    { firstMessage: first as Listed['messages'], profileName: 'Ana' },
    {
      id: 'reconciled:conversation:c:new',
      data: {
        conversationId: 'c',
        phoneNumber: '+56912345678',
        channel: 'whatsapp',
        firstMessageId: first.id,
        firstMessageText: first.text,
        profileName: 'Ana',
      },
    },
  ],
  [
    'a conversation by e-mail of which only its last message is known, which is its first',
    'conversations',
    {
      id: 'c',
      createdAt: at,
      channels: ['email'],
      contactIdentifier: 'ana@example.com',
      messageCount: 1,
      lastMessage: { id: 'm', text: '', channel: 'email' },
    },
    {},
    {
      data: {
        conversationId: 'c',
        email: 'ana@example.com',
        channel: 'email',
        firstMessageId: 'm',
        firstMessageText: '',
      },
    },
  ],
  [
    'a call that was not taken',
    'calls',
    {
      id: 'c',
      createdAt: '2026-10-31T11:00:00Z',
      endedAt: at,
      direction: 'outbound',
      from: '+1',
      to: '+2',
      status: 'no_answer',
      durationSeconds: null,
      cost: 0,
    },
    {},
    {
      id: 'reconciled:call:c:failed',
      type: 'call.failed',
      timestamp,
      data: {
        callId: 'c',
        direction: 'outbound',
        from: '+1',
        to: '+2',
        status: 'no_answer',
        durationSeconds: null,
        endReason: null,
        cost: 0,
        currency: 'USD',
      },
    },
  ],
  [
    'an invitation',
    'invitations',
    {
      id: 'i',
      status: 'completed',
      completedAt: at,
      updatedAt: '2026-10-31T23:00:00Z',
      clientName: 'Acme',
      senderId: 's',
      connectedAccount: { channel: 'whatsapp', id: '1', name: null },
      failureReason: 'fb_cancelled',
    },
    {},
    {
      timestamp,
      data: {
        invitationId: 'i',
        clientName: 'Acme',
        clientEmail: null,
        connectionType: 'whatsapp_waba',
        currentStatus: 'completed',
        senderId: 's',
        connectedAccount: { channel: 'whatsapp', id: '1', name: null },
      },
    },
  ],
  [
    'a template whose status WhatsApp alone says',
    'templates',
    { id: 't', name: 'order', updatedAt: at, whatsapp: { status: 'APPROVED' } },
    {},
    { type: 'template.status_changed', data: { templateId: 't', name: 'order', status: 'approved' } },
  ],
  [
    'a broadcast',
    'broadcasts',
    { id: 'b', status: 'sending', startedAt: at, updatedAt: '2026-10-31T23:00:00Z' },
    {},
    { timestamp, data: { broadcastId: 'b', status: 'sending' } },
  ],
])('%s', (_, name, object, around, expected) => {
  const built = last(name, object, around);
  const { data, ...envelope } = expected as { data: object };
  expect(built).toMatchObject(envelope);
  expect(built.data).toEqual(data);
  expect(read(built).drift).toEqual([]);
});
