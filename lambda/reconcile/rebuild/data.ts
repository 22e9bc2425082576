import { isRecord } from '../../shared/json.ts';
import type { Listed, ListName } from '../api/zavu-project.ts';
import { contentOf } from './content.ts';
import type { ReachedState } from './reached-state.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What stands around an object: the API has it somewhere else. */
export interface Around {
  /** The name that the person has in WhatsApp, for an inbound message or a conversation. */
  profileName?: string | undefined;
  /** The first message of a conversation. */
  firstMessage?: Listed['messages'] | undefined;
}

/** The data of a state's event. Fields that are undefined are absent. */
export function dataOf(
  name: ListName,
  object: Fields,
  state: ReachedState,
  around: Around,
): Record<string, unknown> {
  const fields = dataIn[name](object, state, around);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const dataIn: { readonly [Name in ListName]: typeof inbound } = {
  messages: (message, state, around) =>
    state.type === 'message.inbound' ? inbound(message, state, around) : outbound(message, state),
  conversations({ channels, contactIdentifier, email, lastMessage, messageCount }, { subject }, around) {
    const onlyMessage = messageCount === 1 && isRecord(lastMessage) ? lastMessage : {};
    const first: Fields = { ...onlyMessage, ...around.firstMessage };
    const channel = first.channel ?? (Array.isArray(channels) ? channels[0] : undefined);
    return {
      conversationId: subject.id,
      ...(channel === 'email' ? { email: email ?? contactIdentifier } : { phoneNumber: contactIdentifier }),
      channel,
      firstMessageId: first.id,
      firstMessageText: first.text,
      profileName: around.profileName,
    };
  },
  calls({ direction, from, to, status, durationSeconds, endReason, cost }, { type, subject }) {
    const common = { callId: subject.id, direction, from: from ?? null, to: to ?? null };
    const notYet = { durationSeconds: null, endReason: null };
    if (type === 'call.initiated') return { ...common, status: 'ringing', ...notYet };
    if (type === 'call.answered') return { ...common, status: 'in_progress', ...notYet };
    return {
      ...common,
      status,
      durationSeconds: durationSeconds ?? null,
      endReason: endReason ?? null,
      // The API's costs are in US dollars.
      ...(typeof cost === 'number' ? { cost, currency: 'USD' } : {}),
    };
  },
  invitations(
    { clientName, clientEmail, connectionType, senderId, connectedAccount, failureReason },
    { subject },
  ) {
    return {
      invitationId: subject.id,
      clientName: clientName ?? null,
      clientEmail: clientEmail ?? null,
      // What the API takes if nobody says it.
      connectionType: connectionType ?? 'whatsapp_waba',
      currentStatus: subject.state,
      ...(subject.state === 'completed'
        ? { senderId: senderId ?? undefined, connectedAccount: connectedAccount ?? undefined }
        : {}),
      ...(subject.state === 'failed' ? { failureReason: failureReason ?? undefined } : {}),
    };
  },
  templates: ({ name }, { subject }) => ({ templateId: subject.id, name, status: subject.state }),
  broadcasts: (_, { subject }) => ({ broadcastId: subject.id, status: subject.state }),
};

function inbound(message: Fields, { subject }: ReachedState, { profileName }: Around): Fields {
  const { from, to, channel, text, conversationId, messageType, content } = message;
  return {
    messageId: subject.id,
    from: from ?? null,
    to,
    channel,
    text,
    conversationId,
    messageType,
    content: contentOf(content),
    profileName,
    // It stands beside the content in a webhook.
    referral: isRecord(content) ? content.referral : undefined,
  };
}

function outbound(message: Fields, { type, subject }: ReachedState): Fields {
  const { to, channel, content, errorCode, errorMessage } = message;
  const common = { messageId: subject.id, to: to ?? null, channel, status: subject.state };
  if (type === 'message.queued') {
    const templateId = isRecord(content) ? content.templateId : undefined;
    return { ...common, templateId: templateId ?? null };
  }
  return { ...common, errorCode: errorCode ?? null, errorMessage: errorMessage ?? null };
}
