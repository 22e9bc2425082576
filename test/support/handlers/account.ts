import type { Handler } from '../../../lambda/handlers/handler.ts';

/** Logs fields of a call's data, and of other data nothing. */
export const handler: Handler<
  | 'broadcast.status_changed'
  | 'invitation.status_changed'
  | 'call.initiated'
  | 'call.answered'
  | 'call.completed'
  | 'call.failed'
  | 'domain.verified'
  | 'domain.failed'
> = async ({ data }, { logger }) => {
  if ('callId' in data) {
    logger.info('tested', { callId: data.callId, state: data.status, reason: data.endReason });
  } else {
    logger.info('tested');
  }
};
