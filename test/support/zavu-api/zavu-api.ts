import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type Zavudev from '@zavudev/sdk';
import { type Emulator, listen } from '../../../local/aws/emulator.ts';
import { deliver } from '../../soak/zavu.ts';

type Webhook = Omit<Zavudev.SenderWebhook, 'secret'>;

/** A sender as Zavu keeps it. */
interface StandInSender {
  webhook?: Webhook;
  /** The one signing secret that counts. */
  secret: string;
}

/** How many times faster than Zavu it retries: after 2 s and 10 s, more than a sandbox waits between two looks. */
const speed = 30;

/** A stand-in for Zavu: the part of its API that the tools call, and its deliveries. */
export class ZavuApi {
  readonly apiKey = 'zv_test_key';
  readonly senders = new Map<string, StandInSender>();
  /** The calls so far, as method, path and what was asked for. */
  readonly calls: string[] = [];
  /** Every secret that it has issued. */
  readonly issued: string[] = [];
  /** Statuses that deliveries were answered, by event id. */
  readonly answers = new Map<string, number[]>();
  /** Happens when a secret was regenerated, before that is answered. */
  onRegenerated: () => void | Promise<void> = () => undefined;
  #listening!: Emulator;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<ZavuApi> {
    const api = new ZavuApi();
    api.#listening = await listen(api.#server);
    return api;
  }

  get url(): string {
    return this.#listening.endpoint;
  }

  /** What a tool finds it by. */
  get env(): Record<string, string> {
    return { ZAVUDEV_BASE_URL: this.url, ZAVUDEV_API_KEY: this.apiKey };
  }

  stop(): Promise<void> {
    return this.#listening.stop();
  }

  /** Adds a sender that has no webhook yet, or one. */
  add(id: string, webhook?: Partial<Webhook>): StandInSender {
    const whole: Webhook = { active: true, events: [], signatureVersion: 'v2', url: '', ...webhook };
    const sender = { secret: this.#issue(), ...(webhook ? { webhook: whole } : {}) };
    this.senders.set(id, sender);
    return sender;
  }

  /**
   * Delivers an event of a sender to its webhook: signed with what counts at each attempt, and again after
   * anything but a 2xx.
   *
   * @returns whether it was acknowledged
   */
  send(id: string, event: { id: string }): Promise<boolean> {
    const sender = this.#sender(id);
    const answers: number[] = [];
    this.answers.set(event.id, answers);
    return deliver(Buffer.from(JSON.stringify({ ...event, senderId: id })), {
      get url() {
        return sender.webhook?.url ?? '';
      },
      get secret() {
        return sender.secret;
      },
      get scheme() {
        return sender.webhook?.signatureVersion ?? 'v2';
      },
      speed,
      onAnswer: (status) => answers.push(status),
    });
  }

  #sender(id: string): StandInSender {
    const sender = this.senders.get(id);
    if (!sender) throw new Error(`There is no sender ${id}.`);
    return sender;
  }

  #issue(): string {
    const secret = `whsec_${randomBytes(16).toString('hex')}`;
    this.issued.push(secret);
    return secret;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = ((await json(request).catch(() => undefined)) ?? {}) as Zavudev.SenderUpdateParams;
    const answer = (status: number, content: object) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    const refuse = (status: number, message: string) => answer(status, { error: { message } });

    this.calls.push([method, url, ...Object.keys(body)].join(' '));
    if (headers.authorization !== `Bearer ${this.apiKey}`) return refuse(401, 'Invalid API key');
    const [, id = '', path] = url.match(/^\/v1\/senders\/([^/]+)(\/.*)?$/) ?? [];
    const sender = this.senders.get(id);
    if (!sender) return refuse(404, 'Sender not found');
    const shown = () => ({ id, name: id, phoneNumber: '+56912345678', webhook: sender.webhook });

    switch (`${method} ${path ?? ''}`.trim()) {
      case 'GET':
        return answer(200, shown());
      case 'PATCH': {
        const { signatureVersion: from } = sender.webhook ?? {};
        if (from === 'v1' && body.webhookSignatureVersion === 'v2') return refuse(400, 'Set v1+v2 first');
        const created = !sender.webhook;
        sender.webhook = updated(sender.webhook, body);
        if (!created) return answer(200, shown());
        sender.secret = this.#issue();
        return answer(200, { ...shown(), webhook: { ...sender.webhook, secret: sender.secret } });
      }
      case 'POST /webhook/secret': {
        sender.secret = this.#issue();
        const { secret } = sender;
        await this.onRegenerated();
        return answer(200, { secret });
      }
      default:
        return refuse(404, 'Not found');
    }
  }
}

/** A webhook with what an update says; `v2`, subscribed to nothing, where there was none. */
function updated(webhook: Webhook | undefined, update: Zavudev.SenderUpdateParams): Webhook {
  return {
    url: update.webhookUrl ?? webhook?.url ?? '',
    events: update.webhookEvents ?? webhook?.events ?? [],
    active: update.webhookActive ?? webhook?.active ?? true,
    signatureVersion: update.webhookSignatureVersion ?? webhook?.signatureVersion ?? 'v2',
  };
}
