import { Readable } from 'node:stream';
import { readSecret } from '../../../cli/secrets/input.ts';

const good = 'whsec_9f3a2b1c77aa01';
/** Standard input that holds a text, as from a pipe. */
const piped = (text: string) =>
  Object.assign(Readable.from([text]), { isTTY: false }) as unknown as typeof process.stdin;

test('a secret is read without the line’s end', async () => {
  expect(await readSecret(piped(`${good}\r\n`))).toBe(good);
});

test.each([
  ["cmd.exe's quotes", `'${good}'`, 'without them'],
  ['a JSON string', `"${good}"`, 'without them'],
  ['a list', `["${good}"]`, 'without them'],
  ['two lines', `${good}\n${good}`, 'in one piece'],
  ['what a page shows of it', 'whsec_…', 'outside ASCII'],
  ['half of it', 'whsec_9f3a', 'the whole of it'],
  ['nothing', '', 'the whole of it'],
  ['an API key', 'zv_live_9f3a2b1c77aa01', 'begin with whsec_'],
])('%s is refused, with what to do', async (_case, text, sentence) => {
  const reading = readSecret(piped(text));
  await expect(reading).rejects.toThrow(/^That is no signing secret\. /);
  await expect(reading).rejects.toThrow(sentence);
  await expect(reading).rejects.not.toThrow(/9f3a/);
});
