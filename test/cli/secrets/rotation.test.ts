import { oldSecret } from '../../../cli/secrets/rotation.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';

const bare = { secret: 'whsec_bare_0001' };
const named = { secret: 'whsec_named_0002', name: 'snd_1' };
const bound = { secret: 'whsec_bound_0003', name: 'Chile', sender: 'snd_2' };
const ending = { secret: 'whsec_ending_0004', name: 'snd_1', expiresAt: '2026-11-01T12:00:00Z' };

test.each<[string, SigningSecret[], string, SigningSecret[]]>([
  ['the one that is named for the sender', [bare, named, bound, ending], 'snd_1', [named]],
  ['the one that is bound to it', [bare, named, bound], 'snd_2', [bound]],
  ['else the only one of which nothing is said', [bare, named, bound], 'snd_3', [bare]],
  ['none where there is none yet', [], 'snd_1', []],
])('a rotation replaces %s', (_case, list, sender, old) => {
  expect(oldSecret(list, sender, undefined)).toEqual(old);
});

test('or the one that it is told', () => {
  expect(oldSecret([bare, named, bound], 'snd_1', '0003')).toEqual([bound]);
});

test.each<[string, SigningSecret[]]>([
  ['two have its name', [named, { ...named, secret: 'whsec_named_0005' }]],
  ['nothing is said of two', [bare, { secret: 'whsec_bare_0006' }]],
  ['all are of others', [bound]],
  ['its own is on its way out', [ending, bound]],
])('where it is not clear it asks: %s', (_case, list) => {
  expect(() => oldSecret(list, 'snd_1', undefined)).toThrow('--old <last four>');
});
