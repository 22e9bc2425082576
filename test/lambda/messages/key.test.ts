import fc from 'fast-check';
import { itemKey, sortKeyOf } from '../../../lambda/messages/key.ts';

const owned = { projectId: 'prj_1', senderId: 'snd_1' };

test.each<[string, object, string]>([
  ['both', owned, 'prj_1#snd_1'],
  ['a project alone', { projectId: 'prj_1' }, 'prj_1#'],
  ['a sender alone', { senderId: 'snd_1', projectId: null }, '#snd_1'],
  ['neither', {}, '#'],
  ['neither that can be read', { projectId: { id: 'prj_1' }, senderId: 7 }, '#'],
  ['the separator', { projectId: 'a#b', senderId: 'c%' }, 'a%23b#c%25'],
  [
    'no Unicode',
    { projectId: '\ud800' },
    'sha256:1a6e552abfc3279f89917f7fea74639b70122c6aa1f901ecf95f8189d9c2a3d1',
  ],
])('an owner of %s', (_what, event, owner) => {
  expect(sortKeyOf(event)).toBe(owner);
});

const id = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '#', '%', '2', '3', ':', '-', '你', '\ud800'), maxLength: 5 }),
  fc.string({ unit: 'binary', maxLength: 256 }),
  fc.constantFrom('sha256:', '你'.repeat(256), '%'.repeat(256), '\ud800'.repeat(256), '\ud801'.repeat(256)),
);
const pair = fc.record({ projectId: id, senderId: id });

test('no other project or sender has the same owner, whatever their ids look like', () => {
  fc.assert(
    fc.property(pair, pair, id, (a, b, part) => {
      const isSame = a.projectId === b.projectId && a.senderId === b.senderId;
      expect(sortKeyOf(a) === sortKeyOf(b)).toBe(isSame);
      // A bound signer chooses one of the two.
      const moved = { projectId: `${a.projectId}#${part}`, senderId: a.senderId };
      expect(sortKeyOf(moved)).not.toBe(
        sortKeyOf({ projectId: a.projectId, senderId: `${part}#${a.senderId}` }),
      );
    }),
    { numRuns: 10_000 },
  );
});

test('an owner is a sort key, whatever the ids are', () => {
  fc.assert(
    fc.property(fc.oneof(pair, fc.record({ projectId: fc.anything(), senderId: fc.anything() })), (event) => {
      const owner = sortKeyOf(event as typeof owned);
      expect(owner).toMatch(/^[!-~]{1,1024}$/);
    }),
    { numRuns: 10_000 },
  );
});

test.each<[unknown, object]>([
  ['msg_1', { id: 'message#msg_1', owner: 'prj_1#snd_1' }],
  [7, { id: 'message#7', owner: 'prj_1#snd_1' }],
  ['<a@mail.example.com>', { id: 'message#<a@mail.example.com>' }],
  ['x'.repeat(2_000), { id: `message#${'x'.repeat(2_000)}` }],
  ['x'.repeat(2_001), { problem: 'id_too_long' }],
  [undefined, { problem: 'id_missing' }],
  [null, { problem: 'id_missing' }],
  ['', { problem: 'id_missing' }],
  [2 ** 53, { problem: 'id_malformed' }],
  [{ id: 'msg_1' }, { problem: 'id_malformed' }],
  ['Where is my parcel?', { problem: 'id_malformed' }],
  ['你好', { problem: 'id_malformed' }],
  ['\ud800', { problem: 'id_malformed' }],
  ['a\nb', { problem: 'id_malformed' }],
])('the key for the id %j', (messageId, key) => {
  expect(itemKey('message', messageId, owned)).toEqual(expect.objectContaining(key));
});
