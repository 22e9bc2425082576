import { type HandlerTable, unrouted } from '../handlers/define-handlers.ts';
import type { Handlers } from '../handlers/handler.ts';
import type { EventType } from '../zavu/catalogue.ts';

/**
 * Loads the handlers that a table has for a worker, and the modules of none of the others.
 *
 * @throws Error if the table has no such worker, and naming the event type if its module exports no handler: the events
 * would be dead-lettered one by one, while the deployment looks well
 */
export async function loadHandlers({ routes, entries }: HandlerTable, worker: string): Promise<Handlers> {
  if (!routes.workers.includes(worker)) {
    throw new Error(
      `The table of handlers has no ${worker} worker. It must say the same at synthesis and here: let it depend on nothing else.`,
    );
  }
  const loaded = await Promise.all(
    routes.typesOf(worker).map(async (type) => {
      const entry = entries[type as EventType];
      return entry === unrouted ? [] : [[type, handlerIn(await entry.load(), type)]];
    }),
  );
  return Object.fromEntries(loaded.flat());
}

/**
 * The handler that a module exports. Of a CommonJS module, a bundle has `exports` as the default export and nothing else,
 * although the compiler and Node know the names in it (https://github.com/evanw/esbuild/issues/3245).
 */
function handlerIn(module: { handler?: unknown; default?: unknown }, type: string): unknown {
  const handler = module.handler ?? Object(module.default).handler;
  if (typeof handler === 'function') return handler;
  throw new Error(
    `The module of ${type} exports no handler: write \`export const handler: Handler<'${type}'> = …\`.`,
  );
}
