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
    `a cold start uses ${cold('receiver')} ms of CPU; the smallest possible receiver uses ${cold('floor')} ms`,
  ],
  ['README.md', `A warm request takes ${figure('Warm receiver', 'receiver', 'CPU, ms')} ms`],
  [
    page,
    `to its first answer, a receiver uses ${cold('receiver')} ms of CPU. The smallest possible receiver (one hash and one POST, the floor) uses ${cold('floor')} ms`,
  ],
  [page, `the receiver takes ${figure('Cold receiver', 'receiver', '× floor')} × that`],
  [
    page,
    `uses ${cold('plain build')} ms, so the receiver takes ${figure('Cold receiver', 'receiver', '× plain build')} × that`,
  ],
  [
    page,
    `takes ${figure('Warm receiver', 'receiver', 'CPU, ms')} ms, ${figure('Warm receiver', 'receiver', '× floor')} × the smallest possible receiver`,
  ],
  [page, `The build with the SDK takes ${figure('Warm receiver', 'plain build', '× floor')} ×`],
  [page, `needs ${perEvent('once-only, 10')} × the processor time of two raw writes`],
  [page, `A duplicate costs ${perEvent('a duplicate, 10')} × as much as those two writes`],
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
