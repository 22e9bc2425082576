import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readSettings } from '../../lib/settings/settings.ts';
import { WebhookStack } from '../../lib/webhook-stack.ts';
import { handlers } from '../support/handlers.ts';

/** The stack as it is deployed, with workers whose handlers do as an event's text says. */
const app = new App();
const entry = join(import.meta.dirname, 'worker.ts');
const environment = { LEDGER: String(app.node.getContext('ledger')) };
const { zavu } = new WebhookStack(app, 'EndToEnd', {
  handlers,
  settings: readSettings(app.node),
  workers: Object.fromEntries(handlers.workers.map((name) => [name, { entry, environment }])),
});
const { ZAVU_API_URL } = process.env;
if (ZAVU_API_URL) zavu.reconciler?.function.addEnvironment('ZAVU_API_URL', ZAVU_API_URL);
