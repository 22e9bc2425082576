import { App } from 'aws-cdk-lib';
import { readSettings, WebhookStack } from 'zavu-webhooks';
import { handlers } from '../lambda/handlers.ts';
import { CampaignStack } from '../lib/campaign-stack.ts';

const app = new App();
const settings = { ...readSettings(app.node), eventBus: true };
const webhooks = new WebhookStack(app, `Webhooks-${settings.stage}`, { handlers, settings });

// There is a bus, because the setting `eventBus` is on.
const { bus } = webhooks.zavu;
if (bus) new CampaignStack(app, `Campaigns-${settings.stage}`, { bus });
