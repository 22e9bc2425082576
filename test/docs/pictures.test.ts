import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { nextStations, receiverOutcomes, workerOutcomes } from '../../lambda/shared/outcomes.ts';
import { guideLadder, longestLadder, shortestLadder } from '../../lambda/zavu/delivery.ts';
import { deadLetterRetentionDays } from '../../lib/queues.ts';
import { readSettings } from '../../lib/settings/settings.ts';
import { readPage, root } from './page.ts';
import { boxesOf, isOn, linesOf, touches } from './picture.ts';

const namesIn = (folder: string, ending: string) =>
  readdirSync(join(root, folder)).filter((file) => file.endsWith(ending));
const pictures = namesIn('docs', '.svg');
const pages = ['README.md', ...namesIn('docs', '.md').map((file) => `docs/${file}`)].map(readPage);

/** The texts of a picture with this class, in its order. */
function textsOf(svg: string, name: string): string[] {
  return [...svg.matchAll(/<text class="([^"]*)"[^>]*>([^<]*)<\/text>/g)]
    .filter(([, classes = '']) => classes.split(' ').includes(name))
    .map(([, , text = '']) => text);
}

test('there are the pictures that are judged here', () => {
  expect(pictures).toEqual(expect.arrayContaining(['architecture.svg', 'event-lifecycle.svg']));
});

describe.each(pictures)('docs/%s', (name) => {
  const svg = readPage(`docs/${name}`);

  test('says in words what it shows', () => {
    expect(svg).toMatch(/<svg [^>]*role="img" aria-labelledby="title desc"/);
    expect(svg).toMatch(/<title id="title">[^<]+<\/title>/);
    expect(svg).toMatch(/<desc id="desc">[^<]+<\/desc>/);
    const embedded = pages.flatMap((page) => [
      ...page.matchAll(/!\[([^\]]+)\]\((?:docs\/)?([\w-]+\.svg)\)/g),
    ]);
    expect(embedded.map(([, , file]) => file)).toContain(name);
  });

  test('needs nothing from elsewhere', () => {
    const outside = svg.replace('xmlns="http://www.w3.org/2000/svg"', '');
    expect(outside).not.toMatch(/https?:|href|@import|@font-face|<script|<image|<foreignObject/);
    expect([...svg.matchAll(/url\((?!#)/g)]).toEqual([]);
  });

  test('has colours for a light and a dark background', () => {
    expect(svg).toContain('class="page"');
    const [light = '', dark = ''] = svg.split('@media (prefers-color-scheme: dark)');
    const filled = [...light.matchAll(/^ {4}\.(\w+) \{ fill: #/gm)].map(([, name]) => name);
    expect(
      filled.filter((name) => !new RegExp(`\\.${name}\\b`).test(dark.split('</style>')[0] ?? '')),
    ).toEqual([]);
  });

  test('names no other time of Zavu\u2019s retries than lambda/zavu/delivery.ts', () => {
    const ladders = [shortestLadder.text, longestLadder.text, guideLadder.text];
    const told = [...svg.matchAll(/\b\d+ h \d+ min\b/g)].map(([time]) => time);
    expect(told.filter((time) => !ladders.includes(time))).toEqual([]);
  });

  test('names the days for which dead letters stay', () => {
    const told = [...svg.matchAll(/(\d+) days/g)].map(([, days]) => Number(days));
    expect(new Set(told)).toEqual(new Set([deadLetterRetentionDays]));
  });
});

describe('the life of an event', () => {
  const svg = readPage('docs/event-lifecycle.svg');
  const boxes = boxesOf(svg);
  const lines = linesOf(svg);
  const { retryDelaysSeconds } = readSettings(new App().node);

  test('every outcome that can be logged is drawn, and no other word is drawn as one', () => {
    expect(textsOf(svg, 'outcome').toSorted()).toEqual([...receiverOutcomes, ...workerOutcomes].toSorted());
  });

  test('its lines are what may come next, and no others', () => {
    const edges = Object.entries(nextStations).flatMap(([from, next]) =>
      next.map((to) => `${from} to ${to}`),
    );
    expect(lines.map(({ from, to }) => `${from} to ${to}`).sort()).toEqual(edges.sort());
    expect([...boxes.keys()].sort()).toEqual(Object.keys(nextStations).sort());
  });

  test('each outcome stands in the box of its name', () => {
    const placed = [...svg.matchAll(/<text class="(?:outcome|log)" x="(\d+)" y="(\d+)">(\w+)</g)];
    expect(placed).toHaveLength(receiverOutcomes.length + workerOutcomes.length + 1);
    for (const [, x, y, text = ''] of placed) {
      const around = [...boxes].filter(([, box]) => touches({ x: Number(x), y: Number(y) }, box));
      expect(around.map(([id]) => id)).toEqual([text]);
    }
  });

  test.each(lines)('the line from $from to $to begins and ends there, or at a line that does', (line) => {
    const { from, to, start, end } = line;
    const others = lines.filter((other) => other !== line);
    const begins =
      touches(start, boxes.get(from)) || others.some((other) => other.from === from && isOn(start, other));
    const ends = touches(end, boxes.get(to)) || others.some((other) => other.to === to && isOn(end, other));
    expect({ begins, ends }).toEqual({ begins: true, ends: true });
  });

  test('what is drawn as another log line is logged by a worker', () => {
    const worker = namesIn('lambda/worker', '.ts').map((file) => readPage(`lambda/worker/${file}`));
    const logged = textsOf(svg, 'log');
    expect(logged).toEqual(['published']);
    for (const line of logged) expect(worker.join()).toContain(`log.info('${line}')`);
  });

  test('its waits and attempts are those of the settings', () => {
    const notes = textsOf(svg, 'note').join(' ');
    const waits = retryDelaysSeconds.map((wait) => (wait < 3600 ? `${wait / 60} min` : `${wait / 3600} h`));
    expect(notes).toContain(`after ${waits.join(', ')}`);
    expect(notes).toContain(`${waits.length + 1} attempts failed`);
  });
});
