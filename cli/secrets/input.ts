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
  const secret = await readHidden('Signing secret', input);
  const problem = problemOfSecret(secret) ?? (looksLikeSecret(secret) ? undefined : prefixHint);
  if (problem) throw new Error(`That is no signing secret. ${problem}`);
  return secret;
}

/**
 * Reads a text from standard input, or asks for it on a terminal without echo.
 *
 * @param what the text is, for the question
 */
export async function readHidden(what: string, input = process.stdin): Promise<string> {
  return (input.isTTY ? await prompt(what, input) : await text(input)).trim();
}

async function prompt(what: string, input: NodeJS.ReadStream): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: silent, terminal: true });
  terminal.once('SIGINT', () => process.exit(130));
  process.stderr.write(`${what} (not shown): `);
  try {
    return await terminal.question('');
  } finally {
    process.stderr.write('\n');
    terminal.close();
  }
}
