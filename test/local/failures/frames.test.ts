import { framesOf } from '../../../local/failures/frames.ts';

test.each([
  ['    at a (file:///var/task/inbound-28.mjs:2:311)', 'a', 'file:///var/task/inbound-28.mjs', 2, 311],
  ['    at async Pr.wr.config (file:///x/index.mjs:6:1)', 'Pr.wr.config', 'file:///x/index.mjs', 6, 1],
  ['    at file:///x/a%20b%231/index.mjs:6:78841', '', 'file:///x/a%20b%231/index.mjs', 6, 78841],
  ['    at new Thing (/x/index.mjs:1:2)', 'Thing', '/x/index.mjs', 1, 2],
  ['    at Object.<anonymous> (C:\\app\\index.mjs:1:2)', 'Object.<anonymous>', 'C:\\app\\index.mjs', 1, 2],
  ['    at async file:///C:/app/index.mjs:3:4', '', 'file:///C:/app/index.mjs', 3, 4],
])('reads %j', (row, functionName, file, line, column) => {
  expect(framesOf(row)).toEqual([{ functionName, file, line, column }]);
});

test('leaves out what is no frame, and ends', () => {
  expect(framesOf('Error: at noon\n    at <anonymous>\n  hello:1:2')).toEqual([]);
  expect(framesOf(`    at ${'a'.repeat(100_000)}`)).toEqual([]);
  expect(framesOf('    at f (/x.mjs:1:1)\n'.repeat(1_000))).toHaveLength(50);
});
