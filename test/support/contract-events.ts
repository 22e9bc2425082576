import { sample, sampleTypes } from '../../tools/samples.ts';

const status = {
  messageId: 'msg_1',
  to: '+56912345678',
  channel: 'whatsapp',
  errorCode: null,
  errorMessage: null,
};
const call = {
  callId: 'call_1',
  direction: 'inbound',
  from: '+56912345678',
  to: '+14155551234',
  durationSeconds: null,
  endReason: null,
  transcriptAvailable: false,
};
const ended = { ...call, durationSeconds: 42, endReason: 'hangup', cost: 0.012, currency: 'USD' };

/** The data of the guide's samples, by type. */
const ofTheGuide = Object.fromEntries(
  sampleTypes.map((type): [string, object] => [type, JSON.parse(sample(type)).data]),
);

/**
 * Data of every event type of Zavu's contract, by type. Those after the guide's own are as Zavu's SDK and pages
 * describe them; a few are named there and not described.
 */
export const contractEvents: Readonly<Record<string, object>> = {
  ...ofTheGuide,
  'message.read': { ...status, status: 'read' },
  'message.unsupported': { messageId: 'msg_1', from: '+56912345678', channel: 'whatsapp' },
  'message.status': { messageId: 'msg_1', from: '+56912345678', channel: 'whatsapp' },
  'conversation.new': {
    phoneNumber: '+14155551234',
    channel: 'whatsapp',
    firstMessageId: 'msg_1',
    firstMessageText: "Hi, I'm interested in your product",
    profileName: null,
  },
  'template.status_changed': { templateId: 'tpl_1', name: 'order', status: 'pending' },
  'broadcast.status_changed': { broadcastId: 'brd_1', status: 'sending' },
  'invitation.status_changed': {
    invitationId: 'inv_1',
    clientName: 'Acme Corp',
    clientEmail: null,
    connectionType: 'messenger',
    previousStatus: 'in_progress',
    currentStatus: 'completed',
    connectedAccount: { channel: 'messenger', id: '1077492835456839', name: 'Acme Store' },
  },
  'call.initiated': { ...call, status: 'initiated' },
  'call.answered': { ...call, status: 'answered' },
  'call.completed': { ...ended, status: 'completed' },
  'call.failed': { ...ended, status: 'failed', endReason: 'no_answer' },
  'domain.verified': {},
  'domain.failed': {},
};
