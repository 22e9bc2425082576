import { messages } from '../../messages/store.ts';
import type { Handler } from '../handler.ts';

/** Records where a template stands. Newer senders get this in place of `template.approved` and its like. */
export const handler: Handler<'template.status_changed'> = async (event, context) => {
  await messages.recordTemplate(event, context);
  const { templateId, status } = event.data;
  context.logger[status === 'rejected' ? 'warn' : 'info']('template_status_changed', {
    templateId,
    state: status,
  });
};
