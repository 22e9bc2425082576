import { workerNames } from '../lambda/routing/routes.ts';
import { run } from './dead-letters/command.ts';
import { reasons } from './dead-letters/next-step.ts';
import { deadLetters } from './dead-letters/redrive-source.ts';
import { sharedUsage } from './dead-letters/usage.ts';

const usage = `npm run dead-letters -- [list|show|redrive|discard|export <file>] [options]

Events that failed for good rest in a dead-letter queue per worker, for 14 days.
  list      how many, by worker, reason and error, and what to do about each (the default)
  show      single ones: --id <id>
  redrive   back to their worker, to be handled as if they had just come. Always safe: what was handled after all
            is recognized, and what fails again comes back
  discard   delete them for good
  export    write them into a file, one JSON object a line, with texts and phone numbers; only you may read it

Only for dead letters:
  --worker <name>      ${workerNames.join(', ')}
  --reason <reason>    ${reasons.join(', ')}
  --error <class>      as list shows it

${sharedUsage}`;

await run(deadLetters, usage);
