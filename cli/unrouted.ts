import { toCommand } from './dead-letters/command.ts';
import { unroutedEvents } from './dead-letters/unrouted-events.ts';
import { runCommand } from './shared/command.ts';

await runCommand(toCommand(unroutedEvents));
