import type { Handler } from '../worker/handler.ts';

/** Warns that Meta refused a template: whatever is scheduled with it will fail. Its reason stands in Zavu. */
export const templateRejected: Handler<'template.rejected'> = async ({ data }, { logger }) => {
  logger.warn('template_rejected', { templateId: data.templateId });
};
