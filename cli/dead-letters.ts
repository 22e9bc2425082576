import { toCommand } from './dead-letters/command.ts';
import { deadLetters } from './dead-letters/dead-letters.ts';

/** `npm run dead-letters`. */
export const command = toCommand(deadLetters);
