import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const sections = read('bench/results.md').split(/^## /m).slice(1);

/** A table's cell, without the spread behind its value. */
function figure(section: string, row: string, column: string): string {
  const text = sections.find((each) => each.startsWith(`${section}\n`)) ?? '';
  const table = [...text.matchAll(/^\| (.*) \|$/gm)].map(([, cells = '']) => cells.split(' | '));
  const [head = [], , ...rows] = table;
  // A batch's size stands beside a row's name.
  const named = rows.find(([name = '', second = '']) => name === row || `${name}, ${second}` === row);
  return named?.[head.indexOf(column)]?.replace(/ \(.*/, '') ?? `no ${row}, ${column} in ${section}`;
}

const page = 'docs/performance.md';
const own = 'Against a route of one’s own';
const ours = 'this stack, functions killed';
const guide = 'Express and BullMQ, process killed';
const machine = 'the same, Redis killed with it';

const cold = (row: string) => figure('Cold receiver', row, 'CPU, ms');
const perEvent = (row: string) => figure('Worker', row, '× two writes');

test.each([
  [
    'README.md',
    `a cold receiver needs ${figure('Cold receiver', 'receiver', '× floor')} × the processor time`,
  ],
  ['README.md', `a warm one ${figure('Warm receiver', 'receiver', 'CPU, ms')} ms`],
  [
    page,
    `to its first answer, a receiver uses ${cold('receiver')} ms of processor time. The floor, one hash and one POST, uses ${cold('floor')} ms`,
  ],
  [
    page,
    `${figure('Cold receiver', 'receiver', '× floor')} × the processor time of the least that a receiver could be`,
  ],
  [
    page,
    `uses ${cold('plain build')} ms: the receiver takes ${figure('Cold receiver', 'receiver', '× plain build')} × that`,
  ],
  [
    page,
    `takes ${figure('Warm receiver', 'receiver', 'CPU, ms')} ms, ${figure('Warm receiver', 'receiver', '× floor')} × that least`,
  ],
  [page, `the plain build takes ${figure('Warm receiver', 'plain build', '× floor')} ×`],
  [page, `needs ${perEvent('once-only, 10')} × the processor time of two raw writes`],
  [page, `a duplicate of an event, ${perEvent('a duplicate, 10')} ×`],
  [page, `lost ${figure(own, ours, 'lost')} of ${figure(own, ours, 'acknowledged')} acknowledged events`],
  [page, `handled ${figure(own, ours, 'handled twice')} twice`],
  [page, `lost ${figure(own, guide, 'lost')} of ${figure(own, guide, 'acknowledged')}`],
  [page, `${figure(own, machine, 'lost')} of ${figure(own, machine, 'acknowledged')} when Redis died`],
])('%s says what was measured: %s', (file, sentence) => {
  expect(read(file).replace(/\s+/g, ' ')).toContain(sentence);
});

test('the results have every part', () => {
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'Cold receiver',
    'Warm receiver',
    'Worker',
    'Memory',
    'End to end',
    own,
    'Build',
  ]);
});
