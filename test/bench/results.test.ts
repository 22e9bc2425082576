import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportOf } from '../../bench/report.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const sections = read('bench/results.md').split(/^## /m).slice(1);

/** A table's cell, without the spread behind its value. */
function figure(section: string, row: string, column: string): string {
  const text = sections.find((each) => each.startsWith(`${section}\n`)) ?? '';
  for (const table of text.split('\n\n')) {
    const [head = [], , ...rows] = [...table.matchAll(/^\| (.*) \|$/gm)].map(([, cells = '']) =>
      cells.split(' | '),
    );
    // A batch's size stands beside a row's name.
    const named = rows.find(([name = '', second = '']) => name === row || `${name}, ${second}` === row);
    const cell = named?.[head.indexOf(column)];
    if (cell !== undefined) return cell.replace(/ \(.*/, '');
  }
  return `no ${row}, ${column} in ${section}`;
}

const page = 'docs/performance.md';
const own = 'Side by side';
const ours = 'this stack, functions killed';
const plain = 'plain stack, functions killed';
const guide = 'Express and BullMQ, process killed';
const machine = 'the same, Redis killed with it';

/** What a row of the page says of this stack, of the plain one and of the route. */
const sideBySide = (what: string, cells: (system: string) => string) =>
  `| ${what} | ${[ours, plain, guide].map(cells).join(' | ')} |`;
const lost = (system: string) => `${figure(own, system, 'lost')} of ${figure(own, system, 'acknowledged')}`;
const cpu = (system: string) => figure(own, system, 'CPU per event, ms');
const dollars = (column: string) => figure(own, 'all', column);
const cold = (row: string) => figure('Cold receiver', row, 'CPU, ms');
const perEvent = (row: string) => figure('Worker', row, '× two writes');

test.each([
  [
    'README.md',
    `A cold start uses ${cold('receiver')} ms of CPU; the smallest receiver with Node's HTTP client uses ${cold('floor')} ms`,
  ],
  [
    page,
    `to its first answer, a receiver uses ${cold('receiver')} ms of CPU. The smallest receiver with Node's HTTP client (one hash and one POST, the floor) uses ${cold('floor')} ms`,
  ],
  [page, `the receiver takes ${figure('Cold receiver', 'receiver', '× floor')} × that`],
  [
    page,
    `uses ${cold('plain build')} ms, so the receiver takes ${figure('Cold receiver', 'receiver', '× plain build')} × that`,
  ],
  [
    page,
    `takes ${figure('Warm receiver', 'receiver', 'CPU, ms')} ms, ${figure('Warm receiver', 'receiver', '× floor')} × the smallest receiver with Node's HTTP client`,
  ],
  [page, `The build with the SDK takes ${figure('Warm receiver', 'plain build', '× floor')} ×`],
  [page, `needs ${perEvent('once-only, 10')} × the processor time of two raw writes`],
  [page, `A duplicate costs ${perEvent('a duplicate, 10')} × as much as those two writes`],
  [page, sideBySide('CPU for an event, ms', cpu)],
  [page, sideBySide('lost, of the events that were acknowledged', lost)],
  [page, sideBySide('handled twice', (system) => figure(own, system, 'handled twice'))],
  [
    page,
    `| dollars for a million events | ${dollars('this stack')} | ${dollars('plain stack')} | by the month |`,
  ],
  [page, `without the messages table, it costs $${dollars('without the messages table')}`],
  [page, `it lost ${lost(machine)}`],
  ['README.md', `an event takes ${cpu(ours)} ms of CPU, and ${cpu(plain)} ms in a plain stack`],
  [
    'README.md',
    `The plain stack costs $${dollars('plain stack')} per million instead of $${dollars('this stack')}, and has no alarms`,
  ],
])('%s says what was measured: %s', (file, sentence) => {
  expect(read(file).replace(/\s+/g, ' ')).toContain(sentence);
});

test('the page of results is the one that its data give', () => {
  expect(read('bench/results.md')).toBe(reportOf(JSON.parse(read('bench/results.json')).parts));
});

test('the results have every part', () => {
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'Cold receiver',
    'Cold worker',
    'Warm receiver',
    'Worker',
    'Allocations',
    'Memory',
    'Grows as it should',
    own,
  ]);
});
