import * as z from 'zod/mini';

/**
 * The event catalogue: what Zavu sends, with one schema per event type, from Zavu's webhook guide (delivery.ts has its
 * address) and from what Zavu's SDK says about newer types.
 *
 * The schemas describe events and refuse none (`parseEvent` in event.ts): unknown fields are kept, sets that Zavu
 * extends without notice stay open, and an event that no page describes needs no field.
 */
const text = z.string();
const optionalText = z.nullish(text);

/**
 * Who sends or gets a message or a call: a phone number, a WhatsApp id, a chat id or an e-mail address. It is null for
 * a WhatsApp user whose number is hidden.
 */
const address = z.nullable(text);

/** A string. An editor offers the values that are known today. */
const open = <Known extends string>() => text as unknown as z.ZodMiniType<Known | (string & {})>;

const channel = open<
  'sms' | 'sms_oneway' | 'whatsapp' | 'telegram' | 'email' | 'instagram' | 'messenger' | 'voice'
>();

const messageType = open<
  'text' | 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'location' | 'contact' | 'reaction'
>();

const broadcastStatus = open<
  | 'draft'
  | 'pending_review'
  | 'approved'
  | 'rejected'
  | 'escalated'
  | 'rejected_final'
  | 'scheduled'
  | 'sending'
  | 'paused'
  | 'completed'
  | 'cancelled'
  | 'failed'
>();

const messageStatus = {
  messageId: text,
  to: address,
  channel,
  /** Do not use it: `message.sent` has `sending` or `sent`. The event's type is what counts. */
  status: text,
};

const delivery = z.object({
  ...messageStatus,
  /** A carrier's number, such as `30003`, or a word, such as `EMAIL_INVALID_RECIPIENT`. */
  errorCode: optionalText,
  errorMessage: optionalText,
});

/** What a message holds besides its text, which depends on its `messageType`. */
const content = z.object({
  mediaId: optionalText,
  mimeType: optionalText,
  filename: optionalText,
  latitude: z.nullish(z.number()),
  longitude: z.nullish(z.number()),
  name: optionalText,
  address: optionalText,
  contacts: z.nullish(z.array(z.object({ name: optionalText, phones: z.nullish(z.array(text)) }))),
  emoji: optionalText,
  reactToMessageId: optionalText,
  /** The button or the row of a list that was tapped. */
  interactiveReply: z.nullish(
    z.object({ type: text, id: text, title: optionalText, description: optionalText }),
  ),
  replyToMessageId: optionalText,
  replyToProviderMessageId: optionalText,
  replyToFrom: optionalText,
  replyToText: optionalText,
  replyToMessageType: optionalText,
});

const inbound = {
  messageId: text,
  from: address,
  to: optionalText,
  channel: z.optional(channel),
  text: optionalText,
  /** Null on the first message of a thread: `conversation.new` has it then. */
  conversationId: optionalText,
  status: optionalText,
  /** Absent in events as Zavu's webhook guide has them. A reaction is a message of the type `reaction`. */
  messageType: z.nullish(messageType),
  content: z.nullish(content),
  profileName: optionalText,
  /** When the channel took the message from the customer, in milliseconds. */
  providerTimestamp: z.nullish(z.number()),
  /** The ad from which the thread began. It comes with the first message, and never again. */
  referral: z.nullish(z.looseObject({})),
  isGroup: z.nullish(z.boolean()),
  groupId: optionalText,
  groupAuthor: optionalText,
  groupName: optionalText,
};

/** Probably like an inbound message. No page describes it, so no field is required. */
const undescribedInbound = z.partial(
  z.object({ ...inbound, messageId: optionalText, from: optionalText, channel: z.nullish(channel) }),
);

const call = z.object({
  callId: text,
  direction: open<'inbound' | 'outbound'>(),
  from: address,
  to: address,
  status: text,
  durationSeconds: z.nullish(z.number()),
  endReason: optionalText,
  transcriptAvailable: z.nullish(z.boolean()),
});

const endedCall = z.extend(call, { cost: z.nullish(z.number()), currency: optionalText });

const template = { templateId: text, name: text, status: text };

const domain = z.object({ domain: optionalText, status: optionalText });

export const catalogue = {
  'message.queued': z.object({ ...messageStatus, templateId: optionalText }),
  'message.sent': delivery,
  'message.delivered': delivery,
  /** WhatsApp only. */
  'message.read': delivery,
  'message.failed': delivery,

  'message.inbound': z.object(inbound),
  'message.unsupported': undescribedInbound,
  /** A WhatsApp story of a contact. Not the status of a message. */
  'message.status': undescribedInbound,
  'conversation.new': z.object({
    conversationId: optionalText,
    phoneNumber: optionalText,
    email: optionalText,
    channel,
    firstMessageId: text,
    firstMessageText: optionalText,
    profileName: optionalText,
  }),

  'template.approved': z.object(template),
  'template.rejected': z.object({ ...template, reason: optionalText }),
  /** Newer senders get it instead of the two types above. */
  'template.status_changed': z.object({
    templateId: optionalText,
    name: optionalText,
    status: z.nullish(open<'draft' | 'pending' | 'approved' | 'rejected'>()),
    reason: optionalText,
  }),

  'broadcast.status_changed': z.object({
    broadcastId: optionalText,
    status: z.nullish(broadcastStatus),
  }),
  'invitation.status_changed': z.object({
    invitationId: text,
    clientName: optionalText,
    clientEmail: optionalText,
    connectionType: open<'whatsapp_waba' | 'messenger'>(),
    previousStatus: optionalText,
    currentStatus: open<'pending' | 'in_progress' | 'completed' | 'cancelled' | 'failed'>(),
    senderId: optionalText,
    connectedAccount: z.nullish(z.object({ channel: text, id: text, name: optionalText })),
    failureReason: optionalText,
  }),
  'call.initiated': call,
  'call.answered': call,
  'call.completed': endedCall,
  'call.failed': endedCall,
  'domain.verified': domain,
  'domain.failed': domain,
};

export type EventType = keyof typeof catalogue;

/** The data of an event type. */
export type DataOf<T extends EventType> = z.infer<(typeof catalogue)[T]>;
