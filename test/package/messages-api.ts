import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type Emulator, listen } from '../../local/aws/emulator.ts';

/** A message that Zavu was asked to send. */
interface Asked {
  authorization: string | undefined;
  sender: unknown;
  to?: string;
  text?: string;
  idempotencyKey?: string;
}

/** A stand-in for the part of Zavu's API that sends messages. It takes every key of the API, and writes it down. */
export class MessagesApi {
  /** Every request so far, answered or not. */
  readonly asked: Asked[] = [];
  /** Whether it takes messages and then cuts the connection, so that nobody learns that it took them. */
  isSilent = false;
  #listening!: Emulator;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<MessagesApi> {
    const api = new MessagesApi();
    api.#listening = await listen(api.#server);
    return api;
  }

  get url(): string {
    return this.#listening.endpoint;
  }

  stop(): Promise<void> {
    return this.#listening.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    if (`${method} ${url}` !== 'POST /v1/messages') return void response.writeHead(404).end();
    const message = (await json(request)) as Omit<Asked, 'authorization' | 'sender'>;
    this.asked.push({
      authorization: headers.authorization,
      sender: headers['Zavu-Sender'.toLowerCase()],
      ...message,
    });
    if (this.isSilent) return void request.socket.destroy();
    response
      .writeHead(202, { 'content-type': 'application/json' })
      .end(JSON.stringify({ message: { id: 'msg_1', to: message.to, status: 'queued' } }));
  }
}
