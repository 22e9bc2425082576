import type Zavudev from '@zavudev/sdk';
import type { Draw } from './draw.ts';
import { iso, type Telling } from './telling.ts';

/** From one status to the next, in milliseconds: minutes to an hour. */
const stepMs = (draw: Draw) => draw.between(60_000, 3_600_000);

const invitationWays = [
  ['in_progress', 'completed'],
  ['in_progress', 'failed'],
  ['in_progress', 'failed', 'in_progress', 'completed'],
  ['cancelled'],
  ['in_progress'],
] as const;

/** Lets a customer be invited, and do something about it. @param index decides what happens */
export function tellInvitation(at: number, index: number, draw: Draw, telling: Telling): void {
  const token = draw.id('');
  let invitation: Zavudev.Invitation = {
    id: draw.id('jh7'),
    token,
    url: `https://dashboard.zavu.dev/invite/${token}`,
    status: 'pending',
    clientName: `Acme ${index}`,
    clientEmail: index % 2 === 0 ? `acme${index}@example.com` : null,
    connectionType: index % 2 === 0 ? 'messenger' : 'whatsapp_waba',
    createdAt: iso(at),
    updatedAt: iso(at),
    expiresAt: iso(at + 7 * 86_400_000),
  };
  telling.happens({ list: 'invitations', at, object: invitation });
  let changedAt = at;
  for (const status of invitationWays[index % invitationWays.length] ?? invitationWays[0]) {
    changedAt += stepMs(draw);
    const previousStatus = invitation.status;
    const channel = invitation.connectionType === 'messenger' ? 'messenger' : 'whatsapp';
    const reached = {
      in_progress: { startedAt: iso(changedAt), failureReason: null },
      completed: {
        completedAt: iso(changedAt),
        senderId: draw.id('jx7'),
        connectedAccount: { channel, id: draw.digits(16), name: 'Acme Store' },
      },
      failed: { failedAt: iso(changedAt), failureReason: 'fb_cancelled' },
      cancelled: {},
    } as const;
    invitation = { ...invitation, ...reached[status], status, updatedAt: iso(changedAt) };
    const { id, clientName, clientEmail, connectionType, senderId, connectedAccount, failureReason } =
      invitation;
    const data = {
      invitationId: id,
      clientName,
      clientEmail,
      connectionType,
      previousStatus,
      currentStatus: status,
      ...(status === 'completed' ? { senderId, connectedAccount } : {}),
      ...(status === 'failed' ? { failureReason } : {}),
    };
    telling.happens(
      { list: 'invitations', at: changedAt, object: invitation },
      { type: 'invitation.status_changed', data },
    );
  }
}

/** Lets a template be written, and be judged by WhatsApp. @param index decides how */
export function tellTemplate(at: number, index: number, draw: Draw, telling: Telling): void {
  const draft: Zavudev.Template = {
    id: draw.id('k57tpl'),
    name: `order_confirmation_${index}`,
    body: 'Hello {{1}}',
    category: 'UTILITY',
    language: 'es',
    status: 'draft',
    createdAt: iso(at),
    updatedAt: iso(at),
  };
  telling.happens({ list: 'templates', at, object: draft });
  let changedAt = at;
  for (const status of ['pending', index % 2 === 0 ? 'approved' : 'rejected'] as const) {
    changedAt += stepMs(draw);
    const { id: templateId, name } = draft;
    const reason = status === 'rejected' ? { reason: 'Template contains prohibited content' } : {};
    telling.happens(
      { list: 'templates', at: changedAt, object: { ...draft, status, updatedAt: iso(changedAt) } },
      { type: 'template.status_changed', data: { templateId, name, status, ...reason } },
    );
  }
}

const broadcastWays = [
  ['pending_review', 'approved', 'sending', 'completed'],
  ['pending_review', 'rejected'],
  ['pending_review', 'approved', 'cancelled'],
  ['pending_review', 'approved', 'sending'],
] as const;

/** Lets a broadcast be written, reviewed and sent. @param index decides how it ends */
export function tellBroadcast(
  at: number,
  index: number,
  senderId: string,
  draw: Draw,
  telling: Telling,
): void {
  let broadcast: Zavudev.Broadcast = {
    id: draw.id('jb7'),
    channel: 'whatsapp',
    messageType: 'text',
    name: `Campaign ${index}`,
    text: 'Everything must go',
    status: 'draft',
    totalContacts: 1000,
    senderId,
    createdAt: iso(at),
    updatedAt: iso(at),
  };
  telling.happens({ list: 'broadcasts', at, object: broadcast });
  let changedAt = at;
  for (const status of broadcastWays[index % broadcastWays.length] ?? broadcastWays[0]) {
    changedAt += stepMs(draw);
    const time = iso(changedAt);
    const reached = {
      pending_review: {},
      approved: { reviewResult: { reviewedAt: time, score: 1 } },
      rejected: { reviewResult: { reviewedAt: time, score: 0 } },
      sending: { startedAt: time },
      completed: { completedAt: time },
      cancelled: {},
    };
    broadcast = { ...broadcast, ...reached[status], status, updatedAt: time };
    telling.happens(
      { list: 'broadcasts', at: changedAt, object: broadcast },
      { type: 'broadcast.status_changed', data: { broadcastId: broadcast.id, status }, senderId },
    );
  }
}
