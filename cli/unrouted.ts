import { createQueueCommand } from './dead-letters/command.ts';
import { unroutedEvents } from './dead-letters/unrouted-events.ts';

/** `npx zavu-webhooks unrouted`. */
export const command = createQueueCommand(unroutedEvents);
