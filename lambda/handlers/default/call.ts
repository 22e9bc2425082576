import type { Handler } from '../handler.ts';

/** Logs the course of a voice call. `data.cost` is present when the call has ended. */
export const handler: Handler<'call.initiated' | 'call.answered' | 'call.completed' | 'call.failed'> = async (
  { data, type },
  { logger },
) => {
  logger[type === 'call.failed' ? 'warn' : 'info']('call', {
    callId: data.callId,
    state: data.status,
    reason: data.endReason,
  });
};
