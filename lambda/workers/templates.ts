import { templateApproved } from '../handlers/template-approved.ts';
import { templateRejected } from '../handlers/template-rejected.ts';
import { createWorker } from '../worker/create-worker.ts';

/** WhatsApp templates under Meta's review. */
export const handler = createWorker('templates', {
  'template.approved': templateApproved,
  'template.rejected': templateRejected,
});
