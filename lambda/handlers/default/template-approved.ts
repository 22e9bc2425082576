import type { Handler } from '../handler.ts';

/** Logs that Meta approved a template: campaigns that wait for it can start. */
export const handler: Handler<'template.approved'> = async (event, context) => {
  context.logger.info('template_approved', { templateId: event.data.templateId });
};
