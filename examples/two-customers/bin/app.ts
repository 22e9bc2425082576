import { App } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { readSettings, WebhookStack } from 'zavu-webhooks';
import { handlers } from '../lambda/handlers.ts';

/** The customers by the ids that Zavu gave their senders. */
const customers = { snd_acme: 'Acme', snd_globex: 'Globex' };

const app = new App();
const settings = readSettings(app.node);
const stack = new WebhookStack(app, `Customers-${settings.stage}`, { handlers, settings });
const { inbound } = stack.zavu.workers;

/** The names of the customers' tables, by sender. */
const tables: Record<string, string> = {};
for (const [sender, customer] of Object.entries(customers)) {
  const partitionKey = { name: 'id', type: AttributeType.STRING };
  const tickets = new TableV2(stack, `${customer}Tickets`, { partitionKey });
  tickets.grantWriteData(inbound);
  tables[sender] = tickets.tableName;
}
inbound.function.addEnvironment('TICKET_TABLES', stack.toJsonString(tables));
