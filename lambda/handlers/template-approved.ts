import type { Handler } from '../worker/handler.ts';

/** Notes that Meta approved a template: campaigns that wait for it may go. */
export const templateApproved: Handler<'template.approved'> = async ({ data }, { logger }) => {
  logger.info('template_approved', { templateId: data.templateId });
};
