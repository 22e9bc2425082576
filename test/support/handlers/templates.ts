import type { Handler } from '../../../lambda/handlers/handler.ts';

/** Logs fields of the event's data. */
export const handler: Handler<'template.approved' | 'template.rejected' | 'template.status_changed'> = async (
  { data },
  { logger },
) => {
  logger.info('tested', { templateId: data.templateId, state: data.status });
};
