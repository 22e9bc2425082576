import { toCommand } from './dead-letters/command.ts';
import { unroutedEvents } from './dead-letters/unrouted-events.ts';

/** `npm run unrouted`. */
export const command = toCommand(unroutedEvents);
