import fc from 'fast-check';
import type { Listed, ListName } from '../../../../lambda/reconcile/api/zavu-project.ts';
import { hostile } from '../../../support/hostile-data.ts';

/** The time at which the generated objects are looked at, in milliseconds. */
export const now = Date.UTC(2026, 10, 1);

/** Ids as Zavu has them, and odd ones. */
export const id = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z0-9]{2,32}$/) },
  fc.stringMatching(/^[!-~]{1,300}$/),
);
export const time = fc.date({ min: new Date('2026-01-01'), max: new Date(now), noInvalidDate: true });
const iso = time.map((date) => date.toISOString());
const text = fc.string({ unit: 'binary', maxLength: 20 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const maybeNull = <Value>(value: fc.Arbitrary<Value>) => fc.oneof(maybe(value), fc.constant(null));
const address = fc.constantFrom('+56912345678', 'US.1349', 'ana@example.com', '778899');
const channel = fc.constantFrom('sms', 'whatsapp', 'telegram', 'email', 'voice', 'carrier_pigeon');

const content = fc.record(
  {
    mediaId: id,
    mediaUrl: fc.constant('https://media.example.com/1'),
    mimeType: fc.constant('image/png'),
    filename: text,
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    locationName: text,
    locationAddress: text,
    contacts: fc.array(fc.record({ name: text, phones: fc.array(address) }, { requiredKeys: [] }), {
      maxLength: 3,
    }),
    emoji: fc.constantFrom('👍', ''),
    reactToMessageId: id,
    replyToMessageId: id,
    replyToProviderMessageId: id,
    replyToFrom: address,
    replyToText: text,
    replyToMessageType: fc.constantFrom('text', 'image'),
    referral: fc.record({ ctwaClid: text, sourceType: fc.constantFrom('ad', 'post') }, { requiredKeys: [] }),
    buttons: fc.constant([{ id: 'a', title: 'b' }]),
    templateId: id,
  },
  { requiredKeys: [] },
);

export const message = fc.record({
  id,
  channel,
  createdAt: iso,
  direction: fc.constantFrom('inbound', 'outbound'),
  messageType: fc.constantFrom('text', 'image', 'reaction', 'location'),
  status: fc.constantFrom(
    ...['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'received', 'pending_url_verification'],
  ),
  to: address,
  from: maybe(address),
  content: maybe(content),
  conversationId: maybe(id),
  errorCode: maybeNull(fc.constantFrom('30003', 'EMAIL_INVALID_RECIPIENT')),
  errorMessage: maybeNull(text),
  senderId: maybe(id.filter(({ length }) => length < 257)),
  text: maybe(text),
  updatedAt: maybe(iso),
});

const objects = {
  messages: message,
  conversations: fc.record({
    id,
    channels: fc.array(channel, { minLength: 1 }),
    contactIdentifier: address,
    createdAt: iso,
    lastMessage: fc.record({ id, at: iso, channel, direction: fc.constant('inbound'), text }),
    messageCount: fc.integer({ min: 1, max: 3 }),
    unreadCount: fc.nat(3),
    updatedAt: iso,
    email: maybe(fc.constant('ana@example.com')),
    senderId: maybe(id),
  }),
  calls: fc.record({
    id,
    createdAt: iso,
    direction: fc.constantFrom('inbound', 'outbound'),
    from: address,
    to: address,
    status: fc.constantFrom(
      ...['queued', 'ringing', 'in_progress', 'completed', 'failed', 'busy', 'no_answer', 'canceled'],
    ),
    answeredAt: maybeNull(iso),
    endedAt: maybeNull(iso),
    cost: maybeNull(fc.double({ min: 0, max: 9, noNaN: true })),
    durationSeconds: maybeNull(fc.nat(3_600)),
    endReason: maybeNull(fc.constantFrom('hangup', 'agent_ended')),
    updatedAt: maybe(iso),
  }),
  invitations: fc.record({
    id,
    token: id,
    createdAt: iso,
    expiresAt: iso,
    status: fc.constantFrom('pending', 'in_progress', 'completed', 'expired', 'cancelled', 'failed'),
    updatedAt: iso,
    url: fc.constant('https://example.com'),
    clientEmail: maybeNull(address),
    clientName: maybeNull(text),
    completedAt: maybeNull(iso),
    connectedAccount: maybeNull(
      fc.record({ id, channel: fc.constantFrom('whatsapp', 'messenger'), name: fc.option(text) }),
    ),
    connectionType: maybe(fc.constantFrom('whatsapp_waba', 'messenger')),
    failedAt: maybeNull(iso),
    failureReason: maybeNull(fc.constantFrom('fb_cancelled', 'internal_error')),
    senderId: maybeNull(id),
    startedAt: maybeNull(iso),
  }),
  templates: fc.record({
    id,
    body: text,
    category: fc.constant('UTILITY'),
    language: fc.constant('es'),
    name: fc.constant('order_confirmation'),
    status: maybe(fc.constantFrom('draft', 'pending', 'approved', 'rejected')),
    updatedAt: maybe(iso),
    whatsapp: maybe(fc.record({ status: maybe(fc.constantFrom('APPROVED', 'rejected')) })),
  }),
  broadcasts: fc.record({
    id,
    channel,
    createdAt: iso,
    messageType: fc.constant('text'),
    name: text,
    status: fc.constantFrom(
      'draft',
      'pending_review',
      'approved',
      'rejected',
      'sending',
      'completed',
      'paused',
    ),
    totalContacts: fc.nat(9),
    completedAt: maybe(iso),
    startedAt: maybe(iso),
    updatedAt: maybe(iso),
    senderId: maybe(id.filter(({ length }) => length < 257)),
    reviewResult: maybeNull(fc.record({ reviewedAt: maybe(iso) })),
  }),
} satisfies Record<ListName, fc.Arbitrary<object>>;

/** An object of a list, as JSON brings it: without fields that are undefined. */
export function listed<Name extends ListName>(name: Name): fc.Arbitrary<Listed[Name]> {
  const arbitrary: fc.Arbitrary<object> = objects[name];
  return arbitrary.map((object) => JSON.parse(JSON.stringify(object)));
}

/** An object of a list with anything in some of its fields, or anything in its place. */
export function hostileObject<Name extends ListName>(name: Name): fc.Arbitrary<Listed[Name]> {
  const arbitrary: fc.Arbitrary<object> = objects[name];
  const odd = arbitrary.chain((object) =>
    fc
      .dictionary(fc.constantFrom(...Object.keys(object)), hostile, { maxKeys: 4 })
      .map((fields) => ({ ...object, ...fields })),
  );
  const inContent = fc
    .dictionary(fc.constantFrom('contacts', 'referral', 'emoji', 'locationName', 'latitude'), hostile)
    .chain((fields) => odd.map((object) => ({ ...object, content: fields })));
  return fc.oneof({ weight: 6, arbitrary: odd }, inContent, hostile) as fc.Arbitrary<Listed[Name]>;
}
