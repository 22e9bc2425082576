import type { Handler } from '../handler.ts';

/** In these states a broadcast reaches no customer until a person acts. */
const stopped = new Set(['rejected', 'rejected_final', 'failed', 'paused']);

/** Logs the state of a broadcast, and warns if it has stopped. */
export const handler: Handler<'broadcast.status_changed'> = async ({ data }, { logger }) => {
  const { broadcastId, status } = data;
  logger[stopped.has(status ?? '') ? 'warn' : 'info']('broadcast_status_changed', {
    broadcastId,
    state: status,
  });
};
