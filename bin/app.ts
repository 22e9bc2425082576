import { App } from 'aws-cdk-lib';
import { readSettings } from '../lib/settings/settings.ts';
import { WebhookStack } from '../lib/webhook-stack.ts';

const app = new App();
const settings = readSettings(app.node);
new WebhookStack(app, `ZavuWebhooks-${settings.stage}`, { settings });
