import fc from 'fast-check';
import { type Binding, bindingsOf, provedBy } from '../../../lambda/zavu/binding.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';

// Few ids, so that they meet, and what JSON may put in the place of one.
const id = fc.constantFrom('snd_1', 'SND_1', ' snd_1', 'snd_1\0', 'constructor');
const binding = fc.record({ sender: id, project: id }, { requiredKeys: [] });
const owner = fc.record({ senderId: id, projectId: id }, { requiredKeys: [] });
const pairsOf = (bound: Binding, event: { senderId?: string; projectId?: string }) =>
  [
    [bound.sender, event.senderId],
    [bound.project, event.projectId],
  ].filter(([due]) => due !== undefined);

test('a binding proves the events that say so, refuses what says otherwise, and cannot tell of what says nothing', () => {
  fc.assert(
    fc.property(binding, owner, (bound, event) => {
      const pairs = pairsOf(bound, event);
      const isProved = pairs.every(([due, is]) => due === is);
      const isOthers = pairs.some(([due, is]) => is !== undefined && due !== is);
      expect(provedBy([bound], event)).toBe(isProved ? 'proved' : isOthers ? 'elsewhere' : 'unsaid');
    }),
    { numRuns: 5_000 },
  );
});

test('one secret that proves an event is enough, and one that cannot tell is better than one that refuses', () => {
  const [here, there] = [{ sender: 'snd_1' }, { sender: 'snd_2' }];
  expect(provedBy([there, here], { senderId: 'snd_1' })).toBe('proved');
  expect(provedBy([{ sender: 'snd_2' }, { project: 'prj_1' }], { senderId: 'snd_1' })).toBe('unsaid');
  expect(provedBy([there], { senderId: 'snd_1' })).toBe('elsewhere');
  expect(provedBy([], {})).toBe('elsewhere');
});

test('what is to be proved later holds no secret, and nothing if one of the secrets is not bound', () => {
  const bound: SigningSecret = {
    secret: 'whsec_a',
    name: 'shop',
    sender: 'snd_1',
    expiresAt: '2027-01-01T00:00:00Z',
  };
  const other: SigningSecret = { secret: 'whsec_b', project: 'prj_1' };
  const free: SigningSecret = { secret: 'whsec_c' };
  expect(bindingsOf([bound, other])).toEqual([{ sender: 'snd_1' }, { project: 'prj_1' }]);
  expect(bindingsOf([bound, free])).toEqual([]);
});
