import { run } from './letters/command.ts';
import { parkedEvents } from './letters/shelf.ts';
import { sharedUsage } from './letters/usage.ts';

const usage = `npm run parked -- [list|show|redrive|discard|export <file>] [options]

Events of types that no worker handles rest in the parking queue, for 14 days.
  list      how many, by type, and which worker lambda/routes.ts names for them now (the default)
  show      single ones: --id <id>
  redrive   each to the worker that lambda/routes.ts names for its type; deploy that first. The others stay
  discard   delete them for good
  export    write them into a file, one JSON object a line, with texts and phone numbers; only you may read it

Only for parked events:
  --worker <name>      those that this worker handles now; "nobody" for those that still nobody does

${sharedUsage}`;

await run(parkedEvents, usage);
