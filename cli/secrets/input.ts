import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { problemOfSecret } from '../../lambda/zavu/signing-secret.ts';
import { looksLikeSecret, prefixHint } from './warnings.ts';

/**
 * Reads a signing secret from standard input, or asks for it on a terminal without echo. Never from the command
 * line, which every user of the machine can see.
 *
 * @throws Error if it cannot be one of Zavu's secrets
 */
export async function readSecret(input = process.stdin): Promise<string> {
  const secret = (input.isTTY ? await prompt(input) : await text(input)).trim();
  const problem = problemOfSecret(secret) ?? (looksLikeSecret(secret) ? undefined : prefixHint);
  if (problem) throw new Error(`That is no signing secret. ${problem}`);
  return secret;
}

async function prompt(input: NodeJS.ReadStream): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: silent, terminal: true });
  terminal.once('SIGINT', () => process.exit(130));
  process.stderr.write('Signing secret (not shown): ');
  try {
    return await terminal.question('');
  } finally {
    process.stderr.write('\n');
    terminal.close();
  }
}
