import { App } from 'aws-cdk-lib';
import { readSettings } from '../../lib/settings/settings.ts';
import { WebhookStack } from '../../lib/webhook-stack.ts';
import { handlers } from '../support/handlers.ts';

/** What is measured: the stack as it is deployed, with handlers that do next to nothing. */
const app = new App();
new WebhookStack(app, 'Bench', { handlers, settings: readSettings(app.node) });
