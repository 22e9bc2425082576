import { App } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { readSettings, WebhookStack } from 'zavu-webhooks';
import { handlers } from '../lambda/handlers.ts';

/** Each customer's sender, by its id in Zavu. */
const customers = { snd_acme: 'Acme', snd_globex: 'Globex' };

const app = new App();
const settings = readSettings(app.node);
const stack = new WebhookStack(app, `Customers-${settings.stage}`, { handlers, settings });
const { inbound } = stack.zavu.workers;

const tables = Object.entries(customers).map(([sender, name]) => {
  const table = new TableV2(stack, `${name}Tickets`, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
  });
  table.grantWriteData(inbound);
  return [sender, table.tableName] as const;
});
inbound.function.addEnvironment('TICKET_TABLES', stack.toJsonString(Object.fromEntries(tables)));
