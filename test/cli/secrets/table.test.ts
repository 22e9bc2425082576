import { describeSecret, secretsTable } from '../../../cli/secrets/table.ts';

const now = Date.parse('2026-11-01T12:00:00Z');
const later = '2026-11-01T12:05:00.000Z';
const [free, chile, peru] = [
  { secret: 'whsec_free_a_0001' },
  { secret: 'whsec_chile_0002', name: 'snd_cl', sender: 'snd_cl' },
  { secret: 'whsec_peru_a_0003', name: 'snd_pe' },
] as const;

test('the table shows the last four characters and no more of a secret', () => {
  const table = secretsTable(
    [free, { ...chile, project: 'prj_1', expiresAt: later }, { ...peru, expiresAt: '2026-11-01T11:00:00Z' }],
    now,
  );
  expect(table).toBe(
    [
      'secret  name    bound to                         state',
      '…0001                                            live',
      '…0002   snd_cl  sender snd_cl and project prj_1  until 2026-11-01T12:05:00.000Z',
      '…0003   snd_pe                                   expired 2026-11-01T11:00:00Z',
    ].join('\n'),
  );
});

test.each([
  [{}, '…0002'],
  [{ name: 'Chile' }, '…0002 (Chile)'],
  [{ sender: 'snd_cl' }, '…0002 (bound to sender snd_cl)'],
  [{ name: 'Chile', project: 'prj_1' }, '…0002 (Chile, bound to project prj_1)'],
  [{ sender: 'snd_cl', project: 'prj_1' }, '…0002 (bound to sender snd_cl and project prj_1)'],
])('a line says of %j what the secret is bound to: a sender or a project', (fields, line) => {
  expect(describeSecret({ secret: chile.secret, ...fields })).toBe(line);
});
