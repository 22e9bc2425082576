import { toCommand } from './dead-letters/command.ts';
import { deadLetters } from './dead-letters/dead-letters.ts';
import { runCommand } from './shared/command.ts';

await runCommand(toCommand(deadLetters));
