import type { Handler } from '../handler.ts';

/**
 * Notes how far a client's invitation is. On `completed`, `data.senderId` and `data.connectedAccount` name what
 * was connected; after `failed` the client may use the same link again.
 */
export const handler: Handler<'invitation.status_changed'> = async ({ data }, { logger }) => {
  logger[data.currentStatus === 'failed' ? 'warn' : 'info']('invitation_status_changed', {
    invitationId: data.invitationId,
    state: data.currentStatus,
  });
};
