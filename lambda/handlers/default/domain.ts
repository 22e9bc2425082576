import type { Handler } from '../handler.ts';

/** Logs that an e-mail domain can be used to send, or warns that mail from it will not arrive. */
export const handler: Handler<'domain.verified' | 'domain.failed'> = async ({ type }, { logger }) => {
  if (type === 'domain.verified') logger.info('domain_verified');
  else logger.warn('domain_failed');
};
