import { findOldEntries } from '../../../cli/secrets/rotation.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';

const bare = { secret: 'whsec_bare_0001' };
const named = { secret: 'whsec_named_0002', name: 'snd_1' };
const bound = { secret: 'whsec_bound_0003', name: 'Chile', sender: 'snd_2' };
const ending = { secret: 'whsec_ending_0004', name: 'snd_1', expiresAt: '2026-11-01T12:00:00Z' };

test.each<[string, SigningSecret[], string, SigningSecret[]]>([
  ['the secret that is named for the sender', [bare, named, bound, ending], 'snd_1', [named]],
  ['the secret that is bound to the sender', [bare, named, bound], 'snd_2', [bound]],
  ['the only one without other fields, if none belongs to the sender', [bare, named, bound], 'snd_3', [bare]],
  ['no secret, if there is none yet', [], 'snd_1', []],
])('a rotation replaces %s', (_case, list, sender, old) => {
  expect(findOldEntries(list, sender, undefined)).toEqual(old);
});

test('a rotation replaces the secret that --old names', () => {
  expect(findOldEntries([bare, named, bound], 'snd_1', '0003')).toEqual([bound]);
});

test.each<[string, SigningSecret[]]>([
  ['two have its name', [named, { ...named, secret: 'whsec_named_0005' }]],
  ['two have no other fields', [bare, { secret: 'whsec_bare_0006' }]],
  ['all belong to other senders', [bound]],
  ['its own has an end', [ending, bound]],
])('a rotation asks which secret is meant: %s', (_case, list) => {
  expect(() => findOldEntries(list, 'snd_1', undefined)).toThrow('--old <last four>');
});
