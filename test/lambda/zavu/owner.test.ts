import fc from 'fast-check';
import { ownerOf } from '../../../lambda/zavu/owner.ts';

test('two pairs of a project and a sender are one owner only if both are the same', () => {
  const half = fc.option(
    fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', '"', ',', ':', 'n') }),
    {
      nil: undefined,
    },
  );
  const pairs = fc.record({ projectId: half, senderId: half }).map(({ projectId, senderId }) => ({
    ...(projectId ? { projectId } : {}),
    ...(senderId ? { senderId } : {}),
  }));
  fc.assert(
    fc.property(pairs, pairs, (one, other) => {
      const isSame = one.projectId === other.projectId && one.senderId === other.senderId;
      expect(ownerOf(one) === ownerOf(other)).toBe(isSame);
    }),
    { numRuns: 5_000 },
  );
});

test('an event that names neither has no owner', () => {
  expect(ownerOf({})).toBe('');
  expect(ownerOf({ projectId: 'prj_1' })).toMatch(/^[0-9a-f]{32}$/);
});
