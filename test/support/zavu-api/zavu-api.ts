import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type Zavudev from '@zavudev/sdk';
import { type Emulator, listen } from '../../../local/aws/emulator.ts';
import { deliver } from '../../soak/zavu.ts';
import { type Answer, type Fault, refused, tooManyRequests } from './answer.ts';
import { StandInProject } from './project.ts';
import { type ApiRequest, projectAnswer } from './project-answer.ts';
import { type StandInSender, senderAnswer, type Webhook } from './sender.ts';

/** How many times faster than Zavu it retries: after 2 s and 10 s, more than a sandbox waits between two looks. */
const speed = 30;
const minuteMs = 60_000;

/** A stand-in for Zavu: the part of its API that the tools and reconciliation call, and its deliveries. */
export class ZavuApi {
  readonly apiKey = 'zv_test_key';
  /** By API key. */
  readonly projects = new Map([[this.apiKey, new StandInProject({ id: 'prj_stand_in' })]]);
  /** The calls so far, as method, path and what was asked for. */
  readonly calls: string[] = [];
  /** The same calls, for whoever counts them. */
  readonly requests: ApiRequest[] = [];
  /** Every secret that it has issued. */
  readonly issued: string[] = [];
  /** Statuses that deliveries were answered, by event id. */
  readonly answers = new Map<string, number[]>();
  /** Happens when a secret was regenerated, before that is answered. */
  onRegenerated: () => void | Promise<void> = () => undefined;
  /**
   * Happens before a request is answered, and may answer it instead, change what there is, or kill who asks. While it
   * waits, nothing is answered.
   */
  onRequest: (request: ApiRequest) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
  /** Milliseconds since the epoch: what the lists show, and what Zavu's limit counts by. */
  clock: () => number = Date.now;
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

  /** The project of the key that a tool has. */
  get project(): StandInProject {
    return this.#projectOf(this.apiKey);
  }

  get senders(): Map<string, StandInSender> {
    return this.project.senders;
  }

  stop(): Promise<void> {
    return this.#listening.stop();
  }

  /** How often a path was asked for, whatever was asked for and answered. */
  countOf(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
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
    const sender = this.senders.get(id);
    if (!sender) throw new Error(`There is no sender ${id}.`);
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

  #projectOf(apiKey: string): StandInProject {
    const project = this.projects.get(apiKey);
    if (!project) throw new Error('There is no project of this key.');
    return project;
  }

  #issue(): string {
    const secret = `whsec_${randomBytes(16).toString('hex')}`;
    this.issued.push(secret);
    return secret;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const body = ((await json(incoming).catch(() => undefined)) ?? {}) as Zavudev.SenderUpdateParams;
    this.calls.push([method, url, ...Object.keys(body)].join(' '));

    const { pathname: path, searchParams: query } = new URL(url, this.url);
    const project = this.projects.get(/^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    const request: ApiRequest = {
      number: this.requests.length + 1,
      method,
      path,
      query,
      at: this.clock(),
      ...(project ? { projectId: project.id } : {}),
    };
    this.requests.push(request);
    const fault = await this.onRequest(request);
    respond(response, fault ?? (await this.#answerOf(project, request, body)));
  }

  async #answerOf(
    project: StandInProject | undefined,
    request: ApiRequest,
    body: Zavudev.SenderUpdateParams,
  ): Promise<Answer> {
    if (!project) return refused(401, 'Invalid API key');
    // Counted only if it matters: a soak makes tens of thousands of requests.
    const own = () => this.requests.filter(({ projectId }) => projectId === project.id);
    if (Number.isFinite(project.requestsPerMinute)) {
      const lately = own().filter(({ at }) => at > request.at - minuteMs);
      if (lately.length > project.requestsPerMinute) {
        const oldest = lately.at(-project.requestsPerMinute)?.at ?? request.at;
        return tooManyRequests(Math.ceil((oldest + minuteMs - request.at) / 1000));
      }
    }
    const [, id, path = ''] = /^\/v1\/senders\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    if (id === undefined) {
      const pages = () => own().filter((each) => each.path === request.path).length;
      return projectAnswer(project, { ...request, at: this.clock() }, pages);
    }
    const sender = project.senders.get(id);
    if (!sender) return refused(404, 'Sender not found');
    const asked = { method: request.method, path, body };
    return senderAnswer(id, sender, asked, {
      issue: () => this.#issue(),
      onRegenerated: () => this.onRegenerated(),
    });
  }
}

function respond(response: ServerResponse, answer: Fault): void {
  if (answer === 'hang up') return void response.socket?.destroy();
  if (answer === 'stop halfway') {
    response.writeHead(200, { 'content-type': 'application/json' });
    return void response.write('{"items":[');
  }
  const { status, body, headers } = answer;
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
