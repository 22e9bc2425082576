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

describe('on a terminal', () => {
  const id = 'evt_0123456789abcdef0123456789';
  const head = ['worker', 'id', 'what'];
  const rows = [
    ['inbound', id, 'a text of several words that goes on'],
    ['delivery', 'evt_2', ''],
  ];
  const width = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

  test('a table that fits is as it is without one', () => {
    const text = table(head, rows, { columns: 1000 });
    expect(width(text)).toBe(78);
    for (const columns of [78, 80, 0]) expect(table(head, rows, { columns })).toBe(text);
  });

  test.each([60, 77])('of %i columns, words go on in the next line, and none is cut', (columns) => {
    const text = table(head, rows, { columns });
    expect(width(text)).toBeLessThanOrEqual(columns);
    expect(text).toContain(id);
    expect(
      text
        .split('\n')
        .slice(1)
        .map((line) => line.slice(40).trim())
        .join(' ')
        .trim(),
    ).toBe('a text of several words that goes on');
  });

  test('that is too narrow for columns, each row has lines of its own', () => {
    expect(table(head, rows, { columns: 45 })).toBe(
      `worker  inbound\nid      ${id}\nwhat    a text of several words that goes on\n\nworker  delivery\nid      evt_2`,
    );
  });

  test('a column that is limited is no wider on a wide terminal', () => {
    const options = { widths: [null, null, 20], columns: 200 };
    expect(table(head, rows, options)).toContain(`${id}  a text of several`);
  });
});
