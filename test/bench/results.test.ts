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

const own = 'Against a route of one’s own';
const ours = 'this stack, functions killed';
const guide = 'Express and BullMQ, process killed';
const machine = 'the same, Redis killed with it';

test.each([
  `${figure('Cold receiver', 'receiver', '× floor')} × the processor time of the least that a receiver could be`,
  `${figure('Cold receiver', 'receiver', '× plain build')} × that of a plain build`,
  `takes ${figure('Warm receiver', 'receiver', 'CPU, ms')} ms, ${figure('Warm receiver', 'receiver', '× floor')} × that least`,
  `the plain build takes ${figure('Warm receiver', 'plain build', '× floor')} ×`,
  `${figure('Worker', 'once-only, 10', '× two writes')} × the processor time of two raw writes`,
  `a copy of an event ${figure('Worker', 'a copy of an event, 10', '× two writes')} ×`,
  `lost ${figure(own, ours, 'lost')} of ${figure(own, ours, 'acknowledged')} acknowledged events`,
  `handled ${figure(own, ours, 'handled twice')} twice`,
  `lost ${figure(own, guide, 'lost')} of ${figure(own, guide, 'acknowledged')}`,
  `${figure(own, machine, 'lost')} of ${figure(own, machine, 'acknowledged')} when Redis died`,
])('the README says what was measured: %s', (sentence) => {
  expect(read('README.md').replace(/\s+/g, ' ')).toContain(sentence);
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
