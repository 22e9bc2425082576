import { createQueueCommand } from './dead-letters/command.ts';
import { deadLetters } from './dead-letters/dead-letters.ts';

/** `npx zavu-webhooks dead-letters`. */
export const command = createQueueCommand(deadLetters);
