import { App } from 'aws-cdk-lib';
import { handlers } from '../lambda/handlers.ts';
import { readSettings, WebhookStack } from '../lib/index.ts';

const app = new App();
const settings = readSettings(app.node);
new WebhookStack(app, `ZavuWebhooks-${settings.stage}`, { handlers, settings });
