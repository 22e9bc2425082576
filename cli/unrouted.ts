import { run } from './dead-letters/command.ts';
import { unroutedEvents } from './dead-letters/redrive-source.ts';
import { unroutedReasons } from './dead-letters/unrouted-destination.ts';
import { sharedUsage } from './dead-letters/usage.ts';

const usage = `npm run unrouted -- [list|show|redrive|discard|export <file>] [options]

Events that no worker may handle as they are rest in the unrouted queue, for 14 days.
  list      how many, by reason, the worker that would have them now, and what to do about each (the default)
  show      single ones: --id <id>
  redrive   each to the worker that lambda/routing/routes.ts names for its type, as this code reads it; deploy this code first.
            The others stay, and are counted. Those that do not say whose they are, or how old, go only where
            --reason names that
  discard   delete them for good
  export    write them into a file, one JSON object a line, with texts and phone numbers; only you may read it

Only for unrouted events:
  --worker <name>      those that this worker handles now; "nobody" for those that still nobody does
  --reason <reason>    ${unroutedReasons.join(', ')}

${sharedUsage}`;

await run(unroutedEvents, usage);
