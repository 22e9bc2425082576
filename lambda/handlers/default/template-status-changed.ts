import type { Handler } from '../handler.ts';

/**
 * Logs the state of a template. Newer senders get this type instead of `template.approved` and `template.rejected`.
 */
export const handler: Handler<'template.status_changed'> = async (event, context) => {
  const { templateId, status } = event.data;
  context.logger[status === 'rejected' ? 'warn' : 'info']('template_status_changed', {
    templateId,
    state: status,
  });
};
