import { Emulators } from '../emulators/emulators.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { StartedStack } from './started-stack.ts';

type Services = Readonly<
  Record<'sqs' | 'dynamoDb' | 'secretsManager' | 'eventBridge' | 'firehose', FaultyProxy>
>;

/** A local run whose services fail as a test tells them to. */
export class FaultyStack {
  readonly stack: StartedStack;
  readonly services: Services;
  readonly #emulators: Emulators;

  private constructor(stack: StartedStack, services: Services, emulators: Emulators) {
    this.stack = stack;
    this.services = services;
    this.#emulators = emulators;
  }

  /** @param options of `npm start` */
  static async start(
    settings: Record<string, string>,
    options: readonly string[] = [],
  ): Promise<FaultyStack> {
    const emulators = await Emulators.start();
    const services = {
      sqs: await FaultyProxy.start(emulators.endpoints.sqs),
      dynamoDb: await FaultyProxy.start(emulators.endpoints.dynamodb),
      secretsManager: await FaultyProxy.start(),
      eventBridge: await FaultyProxy.start(),
      firehose: await FaultyProxy.start(),
    };
    const stack = await StartedStack.start({
      settings,
      options,
      env: {
        SQS_ENDPOINT: services.sqs.endpoint,
        DYNAMODB_ENDPOINT: services.dynamoDb.endpoint,
        SECRETS_MANAGER_ENDPOINT: services.secretsManager.endpoint,
        EVENT_BRIDGE_ENDPOINT: services.eventBridge.endpoint,
        FIREHOSE_ENDPOINT: services.firehose.endpoint,
      },
    });
    services.secretsManager.target = stack.ready.endpoints.secretsManager;
    services.eventBridge.target = stack.ready.endpoints.eventBridge;
    services.firehose.target = stack.ready.endpoints.firehose;
    return new FaultyStack(stack, services, emulators);
  }

  /** Lets every service answer again. */
  recover(): void {
    for (const service of Object.values(this.services)) service.become('up');
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    for (const service of Object.values(this.services)) await service.stop();
    await this.#emulators.stop();
  }
}
