import type { Deployment } from '../shared/deployment.ts';
import { problemOfUrl } from '../shared/webhook-request.ts';
import { type Check, check } from './check.ts';

/** Checks that the deployment's URL leads to the receiver. */
export function checkUrl(deployment: Deployment): Promise<Check> {
  const url = deployment.outputs.WebhookUrl ?? '';
  return check('the URL leads to the receiver', async () => {
    const problem = await problemOfUrl(url);
    return problem === undefined
      ? { result: 'ok', detail: `${url} refuses a request without a signature` }
      : { result: 'failed', detail: problem };
  });
}
