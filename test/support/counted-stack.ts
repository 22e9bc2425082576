import type { Calls } from '../../cli/cost/calls.ts';
import { type AwsCall, parseAwsCalls } from '../../local/aws/endpoint/aws-call.ts';
import { Emulators } from '../emulators/emulators.ts';
import { type Passing, RecordingProxy } from './recording-proxy.ts';
import { StartedStack } from './started-stack.ts';

/** A local run whose functions' AWS calls are counted on their way to the services. */
export class CountedStack {
  stack!: StartedStack;
  /** Where the services are, by their names in signatures. */
  readonly #services: Record<string, string>;
  readonly #emulators: Emulators;
  readonly #counted = new Map<string, Map<string, number>>();

  #proxy!: RecordingProxy;

  private constructor(emulators: Emulators) {
    this.#emulators = emulators;
    this.#services = { ...emulators.endpoints };
  }

  static async start(settings: Record<string, string>): Promise<CountedStack> {
    const counted = new CountedStack(await Emulators.start());
    counted.#proxy = await RecordingProxy.start({
      target: ({ headers }) => counted.#services[serviceOf(headers.authorization)] ?? '',
      onRequest: (passing) => counted.#count(passing),
    });
    const names = ['SQS', 'DYNAMODB', 'SECRETS_MANAGER', 'EVENT_BRIDGE'];
    const env = names.map((name) => [`${name}_ENDPOINT`, counted.#proxy.endpoint]);
    counted.stack = await StartedStack.start({ settings, env: Object.fromEntries(env) });
    const { secretsManager, eventBridge } = counted.stack.ready.endpoints;
    Object.assign(counted.#services, { secretsmanager: secretsManager, events: eventBridge });
    return counted;
  }

  /** What a function, and its poller in its role, have called since this was last asked: `Receiver`, `Inbound`, … */
  take(name: string): Calls {
    const taken = Object.fromEntries(this.#counted.get(name) ?? []);
    this.#counted.delete(name);
    return taken;
  }

  /** How often it has made a call since its calls were last taken. */
  times(name: string, call: string): number {
    return this.#counted.get(name)?.get(call) ?? 0;
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await this.#proxy.stop();
    await this.#emulators.stop();
  }

  #count({ headers, body }: Passing): undefined {
    for (const call of parseAwsCalls(headers, body)) this.#add(call);
    return undefined;
  }

  #add({ accessKeyId, action, resource }: AwsCall): void {
    const caller = nameOf(accessKeyId);
    // Whose queue it is, is plain from whose call it is.
    const on = nameOf(resource).replace(/^[A-Z][a-z]+(Worker)?(?=(DeadLetter)?Queue$|SigningSecret$)/, '');
    const calls = this.#counted.get(caller) ?? new Map<string, number>();
    const call = `${action} ${on}`;
    this.#counted.set(caller, calls.set(call, (calls.get(call) ?? 0) + 1));
  }
}

/** The service that a signature is for. */
function serviceOf(authorization = ''): string {
  return authorization.match(/\/([^/]+)\/aws4_request/)?.[1] ?? '';
}

/** The logical id in an ARN, or a function's, without its hash and without `Function` or `WorkerFunction`. */
function nameOf(arnOrId: string): string {
  const id = arnOrId.split(/[:/]/).at(-1) ?? '';
  return (
    id
      // What makes an access key out of a function's id.
      .replace(/[0-9a-f]{32}$/, '')
      .replace(/-[\w-]+$/, '')
      .replace(/[0-9A-F]{8}$/, '')
      .replace(/(Worker)?Function$/, '')
  );
}
