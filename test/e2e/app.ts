import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readSettings } from '../../lib/config.ts';
import { WebhookStack } from '../../lib/webhook-stack.ts';

/** The stack as it is deployed, with an inbound worker whose handler does as the message's text says. */
const app = new App();
new WebhookStack(app, 'EndToEnd', {
  settings: readSettings(app.node),
  workers: {
    inbound: {
      entry: join(import.meta.dirname, 'workers/inbound.ts'),
      environment: { LEDGER: String(app.node.getContext('ledger')) },
    },
  },
});
