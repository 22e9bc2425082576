import { type RetiredWord, retiredWords } from './retired.ts';

/** A retired word in a file. */
interface Hit {
  line: number;
  text: string;
  say: string;
}

/**
 * The retired words of a text, in the order of their places.
 *
 * @param file its path from the root, with slashes
 */
export function findRetired(file: string, text: string): Hit[] {
  const hits = retiredWords
    .filter((word) => counts(word, file, text))
    .flatMap((word) =>
      [...text.matchAll(word.pattern)]
        .filter(({ index }) => !isAllowed(word, file, text.slice(index)))
        .map(({ 0: found, index }) => ({ index, text: found, say: word.say })),
    );
  return hits
    .toSorted((one, other) => one.index - other.index)
    .map(({ index, text: found, say }) => ({
      line: text.slice(0, index).split('\n').length,
      text: found,
      say,
    }));
}

function counts({ only, unlessFileHas }: RetiredWord, file: string, text: string): boolean {
  return (only?.test(file) ?? true) && !unlessFileHas?.test(text);
}

function isAllowed({ allowed = [] }: RetiredWord, file: string, from: string): boolean {
  return allowed.some((each) => (each.file?.test(file) ?? true) && (each.text?.test(from) ?? true));
}
