import { table } from '../../../cli/shared/table.ts';

test('columns are plain, as wide as their longest cell, and end without blanks', () => {
  expect(
    table(
      ['id', 'what'],
      [
        ['1', 'one'],
        ['four', ''],
      ],
    ),
  ).toBe('id    what\n1     one\nfour');
});

test('a column may stand right, and go on in the next line', () => {
  const text = table(['usd', 'what'], [['1.50', 'a text that is too long']], {
    align: ['right'],
    widths: [null, 14],
  });
  expect(text).toBe(' usd  what\n1.50  a text that\n      is too long');
});
