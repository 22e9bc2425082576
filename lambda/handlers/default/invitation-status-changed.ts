import type { Handler } from '../handler.ts';

/**
 * Logs the state of a client's invitation. If it is `completed`, `data.senderId` and `data.connectedAccount` name what
 * was connected. If it is `failed`, the client may use the same link again.
 */
export const handler: Handler<'invitation.status_changed'> = async ({ data }, { logger }) => {
  logger[data.currentStatus === 'failed' ? 'warn' : 'info']('invitation_status_changed', {
    invitationId: data.invitationId,
    state: data.currentStatus,
  });
};
