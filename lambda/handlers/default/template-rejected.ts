import type { Handler } from '../handler.ts';

/** Logs that Meta refused a template: whatever is scheduled with it will fail. The reason is shown in Zavu. */
export const handler: Handler<'template.rejected'> = async (event, context) => {
  context.logger.warn('template_rejected', { templateId: event.data.templateId });
};
