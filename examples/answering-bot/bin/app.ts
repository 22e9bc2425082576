import { App } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { readSettings, WebhookStack } from 'zavu-webhooks';
import { handlers } from '../lambda/handlers.ts';

const app = new App();
const settings = readSettings(app.node);
// On this machine, the API may be a stand-in.
const { ZAVUDEV_BASE_URL } = process.env;
const stack = new WebhookStack(app, `AnsweringBot-${settings.stage}`, {
  handlers,
  settings,
  workers: { inbound: ZAVUDEV_BASE_URL ? { environment: { ZAVUDEV_BASE_URL } } : {} },
});

// Its value is the key of Zavu's API. It is stored by hand, once: a template would show it.
const apiKey = new Secret(stack, 'ApiKey', { description: 'Key of the Zavu API' });
const { inbound } = stack.zavu.workers;
apiKey.grantRead(inbound);
inbound.function.addEnvironment('API_KEY_SECRET_ID', apiKey.secretArn);
