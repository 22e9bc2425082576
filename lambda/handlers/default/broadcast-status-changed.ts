import type { Handler } from '../handler.ts';

/** After these a broadcast reaches nobody until a person acts. */
const stopped = new Set(['rejected', 'rejected_final', 'failed', 'paused']);

/** Notes where a broadcast stands, and warns of one that stopped. */
export const handler: Handler<'broadcast.status_changed'> = async ({ data }, { logger }) => {
  const { broadcastId, status } = data;
  logger[stopped.has(status ?? '') ? 'warn' : 'info']('broadcast_status_changed', {
    broadcastId,
    state: status,
  });
};
