import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ZavuWebhooks, type ZavuWebhooksProps } from './zavu-webhooks.ts';

export interface WebhookStackProps<Name extends string = string>
  extends StackProps,
    ZavuWebhooksProps<Name> {}

/**
 * A stack that has one `ZavuWebhooks` and nothing else.
 *
 * @example
 * const settings = readSettings(app.node);
 * const stack = new WebhookStack(app, `ZavuWebhooks-${settings.stage}`, { handlers, settings });
 * customers.grantReadData(stack.zavu.workers.inbound);
 */
export class WebhookStack<Name extends string = string> extends Stack {
  readonly zavu: ZavuWebhooks<Name>;

  /** @throws Error as `ZavuWebhooks` does */
  constructor(
    scope: Construct,
    id: string,
    { handlers, settings, workers, ...props }: WebhookStackProps<Name>,
  ) {
    super(scope, id, { description: "Receives Zavu's webhooks and handles each event once", ...props });
    // CDK leaves the id `Default` out of logical ids and of outputs.
    this.zavu = new ZavuWebhooks(this, 'Default', {
      handlers,
      ...(settings ? { settings } : {}),
      ...(workers ? { workers } : {}),
    });
  }
}
