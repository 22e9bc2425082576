import { fileURLToPath } from 'node:url';
import { Routes } from '../routing/routes.ts';
import type { WorkerNameOf } from '../routing/worker-name.ts';
import type { EventType } from '../zavu/catalogue.ts';
import type { Handler } from './handler.ts';

/** In the place of a route: no worker handles the type. Its events are kept in the unrouted queue, and an alarm fires. */
export const unrouted = 'unrouted';

/** The worker that handles an event type, and its handler's module, which is loaded only in that worker. */
export interface Route<Type extends EventType, Worker extends string = string> {
  worker: Worker;
  load: () => Promise<{ handler: Handler<Type> }>;
}

/** What a table says of an event type. */
export type Entry<Type extends EventType, Worker extends string = string> =
  | Route<Type, Worker>
  | typeof unrouted;

/** The handlers of an app: which worker handles which event type, and by which module. */
export interface HandlerTable<Worker extends string = string> {
  /** The file that defines it, from which workers are bundled. */
  readonly file: string;
  readonly routes: Routes;
  /** Every worker, those that are draining included. */
  readonly workers: readonly Worker[];
  /** What the table says of each event type. */
  readonly entries: { readonly [Type in EventType]: Entry<Type> };
}

interface TableOptions<Draining extends string> {
  /**
   * Workers that no type is routed to any more, and whose queues may still hold events. They keep queue and function,
   * and get no new events (docs/handlers.md, "Rename or remove a worker").
   *
   * @default []
   */
  draining?: readonly (Draining & WorkerNameOf<Draining>)[];
}

/** How many tables each file has defined. */
const tablesOfFile = new Map<string, number>();

/**
 * Defines which worker handles which event type. It is the only place that says so: a worker is a name in this table.
 * Every event type must be there. One that is missing, a module of another type, or a name that no worker can have does
 * not compile.
 *
 * A file has one table, and exports it as `handlers`: the workers' code is bundled from there.
 *
 * @param file `import.meta.url`, or `__filename` in a CommonJS module
 * @param entries for each event type a route, or `unrouted`; `...defaults` fills in what you do not say
 * @example
 * export const handlers = defineHandlers(import.meta.url, {
 *   ...defaults,
 *   'message.inbound': { worker: 'inbound', load: () => import('./handlers/message-inbound.ts') },
 *   'call.failed': unrouted,
 * });
 */
export function defineHandlers<const Worker extends string, const Draining extends string = never>(
  file: string,
  entries: {
    readonly [Type in EventType]:
      | { readonly worker: Worker & WorkerNameOf<NoInfer<Worker>>; readonly load: Route<Type>['load'] }
      | typeof unrouted;
  },
  options: TableOptions<Draining> = {},
): HandlerTable<Worker | Draining> {
  const typesByWorker = new Map<string, string[]>();
  for (const [type, entry] of Object.entries(entries)) {
    if (entry === unrouted) continue;
    typesByWorker.set(entry.worker, [...(typesByWorker.get(entry.worker) ?? []), type]);
  }
  for (const name of options.draining ?? []) typesByWorker.set(name, typesByWorker.get(name) ?? []);
  const routes = new Routes(typesByWorker);
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  tablesOfFile.set(path, (tablesOfFile.get(path) ?? 0) + 1);
  return { file: path, routes, workers: routes.workers as readonly (Worker | Draining)[], entries };
}

/** How many tables a file has defined: more than one cannot be told apart in a bundle. */
export function countTablesOf(file: string): number {
  return tablesOfFile.get(file) ?? 0;
}
