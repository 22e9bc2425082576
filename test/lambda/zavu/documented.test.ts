import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  guideLadder,
  longestLadder,
  shortestLadder,
  zavuTolerance,
  zavuWaitsMs,
} from '../../../lambda/zavu/delivery.ts';

const root = join(import.meta.dirname, '../../..');
const documents = ['.', 'docs', 'docs/decisions'].flatMap((directory) =>
  readdirSync(join(root, directory))
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const text = readFileSync(join(root, directory, file), 'utf8');
      // A sentence goes on in the next line of a paragraph.
      return { file: join(directory, file), lines: text.split('\n'), text: text.replace(/\s+/g, ' ') };
    }),
);

/** A fact of Zavu's, every wording in which a document may state it, and the time that is right. */
interface Fact {
  name: string;
  wordings: readonly RegExp[];
  seconds: number;
}

const time = String.raw`(\d+ h \d+ min|\d+ hours|\d+(?:\.\d+)? (?:s|seconds|minutes|min))\b`;
const wordings = (...patterns: string[]) => patterns.map((pattern) => new RegExp(pattern, 'g'));

const facts: readonly Fact[] = [
  {
    name: 'how long Zavu waits for an answer',
    wordings: wordings(
      `Zavu (?:only )?waits (?:for )?(?:an answer (?:for )?)?(?:only |up to |at most )?${time}`,
      `${time} that Zavu (?:waits|gives|allows)`,
      `Zavu's (?:time limit of |limit of )?${time}`,
    ),
    seconds: zavuWaitsMs / 1000,
  },
  {
    name: 'when Zavu gives an event up, which is by its shortest ladder',
    wordings: wordings(
      `(?:gives?|gave) (?:each |every |an |the )?(?:event |of them )?up after ${time}`,
      `Zavu (?:tries|retries) (?:go on )?(?:again )?for (?:only |at least )?${time}`,
    ),
    seconds: shortestLadder.seconds,
  },
  {
    name: 'how long Zavu may send an event again, which is by its longest ladder',
    wordings: wordings(
      `Zavu[^.|]*? for up to ${time}`,
      `for up to ${time} from Zavu`,
      `\\bthe longest, ${time}`,
    ),
    seconds: longestLadder.seconds,
  },
  {
    name: "how long the waits of Zavu's webhook guide take in all, by which a worker tries again",
    wordings: wordings(`${time} in all, with the default (?:waits|delays)`),
    seconds: guideLadder.seconds,
  },
  {
    name: 'how old a signed request may be by default',
    wordings: wordings(
      `\\bolder than ${time}`,
      `${time} is as old as a signed request may be`,
      `signed more than ${time} ago`,
      '`toleranceSeconds` \\((\\d+)\\)',
    ),
    seconds: zavuTolerance.ageSeconds,
  },
  {
    name: 'how far ahead of the clock it may be by default',
    wordings: wordings(`${time} ahead\\b`, '`futureToleranceSeconds` \\((\\d+)\\)'),
    seconds: zavuTolerance.aheadSeconds,
  },
];

const secondsOf: Readonly<Record<string, number>> = {
  h: 3600,
  hours: 3600,
  min: 60,
  minutes: 60,
  s: 1,
  seconds: 1,
};

/** A time as documents write it, in seconds. A bare number is one of seconds. */
function toSeconds(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  return [...text.matchAll(/(\d+(?:\.\d+)?) (\w+)/g)].reduce(
    (sum, [, count = '', unit = '']) => sum + Number(count) * (secondsOf[unit] ?? Number.NaN),
    0,
  );
}

/** The sentences of documents that state a fact, each with the time that it gives. */
function statements({ wordings }: Fact) {
  return documents.flatMap(({ file, text }) =>
    wordings.flatMap((wording) =>
      [...text.matchAll(wording)].map(([sentence, stated = '']) => ({
        file,
        sentence,
        seconds: toSeconds(stated),
      })),
    ),
  );
}

describe.each(facts)('$name', (fact) => {
  test('is what every document says that states it', () => {
    expect(statements(fact).filter(({ seconds }) => seconds !== fact.seconds)).toEqual([]);
  });

  test('is stated in a document', () => {
    expect(statements(fact).length).toBeGreaterThan(0);
  });
});

test.each([
  ['toleranceSeconds', zavuTolerance.ageSeconds],
  ['futureToleranceSeconds', zavuTolerance.aheadSeconds],
])('a table of settings has the default of %s', (setting, seconds) => {
  const rows = documents.flatMap(({ lines }) =>
    lines.map((line) => line.split('|').map((cell) => cell.trim())),
  );
  // A row may be of both settings, and then has both figures in one cell.
  const defaults = rows.flatMap(([, name = '', ...cells]) => {
    const position = name.split(', ').indexOf(`\`${setting}\``);
    const figures = cells.find((cell) => /^`?[\d, ]+`?$/.test(cell));
    return position < 0 || !figures ? [] : [figures.replaceAll('`', '').split(', ')[position]];
  });
  expect(defaults.length).toBeGreaterThan(0);
  expect(new Set(defaults)).toEqual(new Set([String(seconds)]));
});
