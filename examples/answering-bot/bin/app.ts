import { App, CfnOutput } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { readSettings, WebhookStack } from 'zavu-webhooks';
import { handlers } from '../lambda/handlers.ts';

const app = new App();
const settings = readSettings(app.node);
const stack = new WebhookStack(app, `AnsweringBot-${settings.stage}`, { handlers, settings });
const { inbound } = stack.zavu.workers;

// It holds the key of Zavu's API, which a person stores after the first deployment: in the template, everybody could read it.
const apiKey = new Secret(stack, 'ApiKey', { description: 'Key of the Zavu API' });
apiKey.grantRead(inbound);
inbound.function.addEnvironment('API_KEY_SECRET_ID', apiKey.secretArn);
new CfnOutput(stack, 'ApiKeySecretArn', { value: apiKey.secretArn });

// Another server in place of Zavu's, such as a stand-in in a test.
const { ZAVUDEV_BASE_URL } = process.env;
if (ZAVUDEV_BASE_URL) inbound.function.addEnvironment('ZAVUDEV_BASE_URL', ZAVUDEV_BASE_URL);
