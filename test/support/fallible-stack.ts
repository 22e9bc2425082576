import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { LocalStack } from './local-stack.ts';
import { FaultyProxy } from './proxy.ts';

/** A local stack whose services fail as a test tells them to. */
export class FallibleStack {
  readonly stack: LocalStack;
  readonly services: Readonly<Record<'sqs' | 'dynamoDb' | 'secretsManager', FaultyProxy>>;
  readonly #emulators: ChildProcess;

  private constructor(
    stack: LocalStack,
    services: Record<'sqs' | 'dynamoDb' | 'secretsManager', FaultyProxy>,
    emulators: ChildProcess,
  ) {
    this.stack = stack;
    this.services = services;
    this.#emulators = emulators;
  }

  static async start(settings: Record<string, string>): Promise<FallibleStack> {
    const emulators = spawn(process.execPath, [join(import.meta.dirname, 'emulators.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!emulators.stdout) throw new Error('No standard output.');
    const [line] = await once(emulators.stdout, 'data');
    const endpoints: { sqs: string; dynamodb: string } = JSON.parse(String(line));
    const services = {
      sqs: await FaultyProxy.start(endpoints.sqs),
      dynamoDb: await FaultyProxy.start(endpoints.dynamodb),
      secretsManager: await FaultyProxy.start(),
    };
    const stack = await LocalStack.start({
      settings,
      env: {
        SQS_ENDPOINT: services.sqs.endpoint,
        DYNAMODB_ENDPOINT: services.dynamoDb.endpoint,
        SECRETS_MANAGER_ENDPOINT: services.secretsManager.endpoint,
      },
    });
    services.secretsManager.target = stack.ready.endpoints.secretsManager;
    return new FallibleStack(stack, services, emulators);
  }

  /** Lets every service answer again. */
  mend(): void {
    for (const service of Object.values(this.services)) service.become('up');
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    for (const service of Object.values(this.services)) await service.stop();
    this.#emulators.stdin?.end();
    await once(this.#emulators, 'exit');
  }
}
