import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Asks on the terminal whether to delete. Ctrl-C and the end of the input mean no. */
export async function confirmed(): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(prompt, 'close').then(() => '');
  // Without this, Ctrl-C would leave the question open for ever.
  prompt.once('SIGINT', () => prompt.close());
  const answer = await Promise.race([prompt.question('Delete them? Type "yes": '), closed]);
  prompt.close();
  return answer.trim() === 'yes';
}
