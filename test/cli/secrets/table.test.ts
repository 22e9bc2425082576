import { describeSecret, secretsTable } from '../../../cli/secrets/table.ts';
import { chile, free, later, now, peru } from './entries.ts';

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
