import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readSettings } from '../../lib/settings/settings.ts';
import { WebhookStack } from '../../lib/webhook-stack.ts';
import { handlers } from '../support/handlers.ts';

/** The stack as it is deployed, with workers whose handlers do as an event's text says. */
const app = new App();
const entry = join(import.meta.dirname, 'worker.ts');
const environment = { LEDGER: String(app.node.getContext('ledger')) };
new WebhookStack(app, 'EndToEnd', {
  handlers,
  settings: readSettings(app.node),
  workers: Object.fromEntries(handlers.workers.map((name) => [name, { entry, environment }])),
});
