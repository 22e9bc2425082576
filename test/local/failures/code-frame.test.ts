import { codeFrame } from '../../../local/failures/code-frame.ts';

const source = ['one', 'two', '\tthree();', 'four', 'five', 'six'];

test.each(['\n', '\r\n'])('shows two lines above and below, and marks the column (line ends: %j)', (end) => {
  expect(codeFrame(source.join(end), 3, 2)).toEqual([
    '  1 | one',
    '  2 | two',
    '> 3 |  three();',
    '    |  ^',
    '  4 | four',
    '  5 | five',
  ]);
});

test('ends with the file', () => {
  expect(codeFrame(source.join('\n'), 6, 1).at(-2)).toBe('> 6 | six');
  expect(codeFrame(source.join('\n'), 1, 1)[0]).toBe('> 1 | one');
});

test.each([0, 7, -1, Number.NaN])('shows nothing of line %d, which is not there', (line) => {
  expect(codeFrame(source.join('\n'), line, 1)).toEqual([]);
});

test('cuts a long line around its column', () => {
  const [row = '', mark = ''] = codeFrame(`${'a'.repeat(5_000)}b${'c'.repeat(5_000)}`, 1, 5_001);
  expect(row.length).toBeLessThan(200);
  expect(row[mark.indexOf('^')]).toBe('b');
});

test('lets no source move the cursor or turn a line round, and keeps the characters of every language', () => {
  expect(codeFrame("const \u001b[2J = 'ñ 你 \u202e\u200b';", 1, 1)[0]).toBe("> 1 | const ?[2J = 'ñ 你 ??';");
});
