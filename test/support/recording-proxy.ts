import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Emulator, listen } from '../../local/aws/emulator.ts';

/** A request on its way to a service. */
export interface Passing {
  headers: IncomingMessage['headers'];
  body: string;
}

interface RecordingProxyProps {
  /** Where a request goes. */
  target(passing: Passing): string;
  /** Is told of each request before it is passed on, which waits for it. A text is the answer in its place: 400. */
  onRequest?(passing: Passing): Promise<string | undefined> | string | undefined;
  /** Is told of each answer before it is given. */
  onAnswer?(passing: Passing, answer: string): void;
}

/** Stands before AWS's services on 127.0.0.1, and tells what passes. It changes nothing on its way. */
export class RecordingProxy {
  readonly #props: RecordingProxyProps;
  readonly #underWay = new Set<Promise<void>>();
  readonly #server = createServer((incoming, response) => {
    const passing = this.#pass(incoming, response)
      .catch(() => void response.destroy())
      .finally(() => this.#underWay.delete(passing));
    this.#underWay.add(passing);
  });

  #listening!: Emulator;

  private constructor(props: RecordingProxyProps) {
    this.#props = props;
  }

  static async start(props: RecordingProxyProps): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(props);
    proxy.#listening = await listen(proxy.#server);
    return proxy;
  }

  get endpoint(): string {
    return this.#listening.endpoint;
  }

  async stop(): Promise<void> {
    await this.#listening.stop();
    // A service answers what was on its way, though its caller may be dead: what that does is to be known.
    await Promise.all(this.#underWay);
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers } = incoming;
    const passing = { headers, body: (await buffer(incoming)).toString() };
    const refusal = await this.#props.onRequest?.(passing);
    if (refusal !== undefined) return void response.writeHead(400).end(refusal);
    const url = new URL(incoming.url ?? '/', this.#props.target(passing));
    const outgoing = request(url, {
      method: incoming.method,
      headers: { ...headers, host: url.host },
      agent: false,
    });
    outgoing.end(passing.body);
    const [answer]: IncomingMessage[] = await once(outgoing, 'response');
    if (!answer) throw new Error('unreachable');
    const answered = await buffer(answer);
    this.#props.onAnswer?.(passing, answered.toString());
    response.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
  }
}
