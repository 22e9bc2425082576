import type { KnownItem, KnownItems } from '../../lambda/messages/known-items.ts';
import type { OutgoingEvent } from '../../lambda/queued-event/outgoing-event.ts';
import type { Listed, ListName, ZavuProject } from '../../lambda/reconcile/api/zavu-project.ts';
import type { OpenMessage, Priority } from '../../lambda/reconcile/progress/open-messages.ts';
import type { ListProgress } from '../../lambda/reconcile/progress/walks.ts';
import type { Progress } from '../../lambda/reconcile/progress.ts';
import type { Reconciler } from '../../lambda/reconcile/run.ts';
import { Routes } from '../../lambda/routing/routes.ts';
import { createLogger } from '../../lambda/shared/log.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** An object of a list, as far as reconciling reads it. */
export type Thing = Readonly<Record<string, unknown>> & { id: string };

/** One project of Zavu's and what reconciles it, in this process: for what decides, and not for the wire. */
export class ReconcilerInMemory {
  now = Date.parse('2026-03-01T12:00:00.000Z');
  /** The pages of each list, as the API gives them. A cursor is the number of a page. */
  pages: Partial<Record<ListName, readonly (readonly Thing[])[]>> = {};
  /** Happens before each request, with its name. */
  onRequest: (request: string) => void = () => undefined;
  isOver = () => false;
  readonly requests: string[] = [];
  readonly lists = new Map<string, ListProgress>();
  readonly openMessages: (OpenMessage & { priority: Priority })[] = [];
  readonly known = new Map<string, KnownItem>();
  readonly fed: OutgoingEvent[] = [];
  readonly lines: Record<string, unknown>[] = [];
  readonly controller = new AbortController();
  readonly routes: Routes;
  #isHeld = false;

  /** @param types what a worker handles */
  constructor(types: readonly string[]) {
    this.routes = new Routes([['worker', types]]);
  }

  /** The ids of the events that were put into the queue. */
  get fedIds(): string[] {
    return this.fed.map(({ body }) => JSON.parse(body).id);
  }

  /** A time so long ago, as the API writes it. */
  ago(ms: number): string {
    return new Date(this.now - ms).toISOString();
  }

  /** Says that a list was reconciled until so long ago, from a time long before. */
  doneUntil(list: ListName, agoMs: number): void {
    const since = this.now - 90 * 24 * hourMs;
    this.lists.set(list, { since, doneTo: this.now - agoMs });
  }

  get reconciler(): Reconciler {
    return {
      project: this.#project,
      known: this.#known,
      progress: this.#progress,
      feed: { send: async (_worker, events) => void this.fed.push(...events) },
      routes: this.routes,
      log: createLogger({}, (line) => void this.lines.push(JSON.parse(line))),
      holder: 'holder',
      now: () => this.now,
      isOver: () => this.isOver(),
      signal: this.controller.signal,
    };
  }

  get #known(): KnownItems {
    return { find: async (kind, id) => this.known.get(`${kind} ${id}`) };
  }

  #request(request: string): void {
    this.requests.push(request);
    this.onRequest(request);
    this.controller.signal.throwIfAborted();
  }

  get #project(): ZavuProject {
    const things = this;
    return {
      get requests() {
        return things.requests.length;
      },
      identity: async () => ({ projectId: 'prj', isTestMode: false }),
      async list<Name extends ListName>(name: Name, cursor = '0') {
        things.#request(name);
        const pages = things.pages[name] ?? [];
        const next = Number(cursor) + 1;
        return {
          items: (pages[Number(cursor)] ?? []) as unknown as Listed[Name][],
          nextCursor: next < pages.length ? String(next) : undefined,
        };
      },
      async message(id) {
        things.#request('message');
        const all = things.pages.messages?.flat() ?? [];
        return all.find((each) => each.id === id) as unknown as Listed['messages'] | undefined;
      },
      async firstMessage() {
        things.#request('firstMessage');
        return undefined;
      },
      async contactName() {
        things.#request('contactName');
        return undefined;
      },
      syncTemplates: async () => things.#request('syncTemplates'),
      async senders() {
        things.#request('senders');
        return { items: [], nextCursor: undefined };
      },
    };
  }

  get #progress(): Progress {
    const { lists, openMessages } = this;
    return {
      acquire: async () => {
        if (this.#isHeld) return undefined;
        this.#isHeld = true;
        return {
          renew: async () => undefined,
          release: async () => {
            this.#isHeld = false;
          },
        };
      },
      read: async (_project, list) => lists.get(list) ?? {},
      save: async (_project, list, progress) => void lists.set(list, structuredClone(progress)),
      open: async (_project, priority, limit) =>
        openMessages.filter((each) => each.priority === priority).slice(0, limit),
      countOpen: async (_project, priority) =>
        openMessages.filter((each) => each.priority === priority).length,
      addOpen: async (_project, messages) => void openMessages.push(...messages),
      removeOpen: async (_project, messages) => {
        const gone = new Set(messages.map(({ messageId }) => messageId));
        const left = openMessages.filter(({ messageId }) => !gone.has(messageId));
        openMessages.splice(0, openMessages.length, ...left);
      },
      senders: async () => [],
      rememberSender: async () => undefined,
      forgetSender: async () => undefined,
    };
  }
}
