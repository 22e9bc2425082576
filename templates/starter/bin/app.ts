import { App } from 'aws-cdk-lib';
import { readSettings, WebhookStack } from 'zavu-webhooks';
import { handlers } from '../lambda/handlers.ts';

const app = new App();
const settings = readSettings(app.node);
new WebhookStack(app, `ZavuWebhooks-${settings.stage}`, { handlers, settings });
