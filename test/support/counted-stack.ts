import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Calls } from '../../cli/cost/calls.ts';
import { type AwsCall, parseAwsCall } from '../../local/aws/endpoint/aws-call.ts';
import { Emulators } from '../emulators/emulators.ts';
import { StartedStack } from './started-stack.ts';

/** A local stack whose functions' AWS calls are counted on their way to the services. */
export class CountedStack {
  stack!: StartedStack;
  /** Where the services are, by their names in signatures. */
  readonly #services: Record<string, string>;
  readonly #emulators: Emulators;
  readonly #counted = new Map<string, Map<string, number>>();
  readonly #proxy = createServer((incoming, response) => {
    this.#pass(incoming, response).catch(() => response.destroy());
  });

  private constructor(emulators: Emulators) {
    this.#emulators = emulators;
    this.#services = { ...emulators.endpoints };
  }

  static async start(settings: Record<string, string>): Promise<CountedStack> {
    const counted = new CountedStack(await Emulators.start());
    counted.#proxy.listen(0, '127.0.0.1');
    await once(counted.#proxy, 'listening');
    const { port } = counted.#proxy.address() as AddressInfo;
    const names = ['SQS', 'DYNAMODB', 'SECRETS_MANAGER', 'EVENT_BRIDGE'];
    const env = names.map((name) => [`${name}_ENDPOINT`, `http://127.0.0.1:${port}`]);
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
    this.#proxy.close();
    this.#proxy.closeAllConnections();
    await this.#emulators.stop();
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const call = parseAwsCall(incoming.headers, body.toString());
    if (call) this.#count(call);
    const service = incoming.headers.authorization?.match(/\/([^/]+)\/aws4_request/)?.[1] ?? '';
    const endpoint = new URL(this.#services[service] ?? '');
    const headers = { ...incoming.headers, host: endpoint.host };
    const outgoing = request(new URL(incoming.url ?? '/', endpoint), { method: incoming.method, headers });
    outgoing.end(body);
    const [answer]: IncomingMessage[] = await once(outgoing, 'response');
    if (!answer) throw new Error('unreachable');
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    await pipeline(answer, response);
  }

  #count({ accessKeyId, action, resource }: AwsCall): void {
    const caller = nameOf(accessKeyId);
    // Whose queue it is, is plain from whose call it is.
    const on = nameOf(resource).replace(/^[A-Z][a-z]+(?=(DeadLetter)?Queue$|SigningSecret$)/, '');
    const calls = this.#counted.get(caller) ?? new Map<string, number>();
    const call = `${action} ${on}`;
    this.#counted.set(caller, calls.set(call, (calls.get(call) ?? 0) + 1));
  }
}

/** The logical id in an ARN, or a function's, without its hash and without `Function`. */
function nameOf(arnOrId: string): string {
  const id = arnOrId.split(/[:/]/).at(-1) ?? '';
  return id
    .replace(/-[\w-]+$/, '')
    .replace(/[0-9A-F]{8}$/, '')
    .replace(/Function$/, '');
}
