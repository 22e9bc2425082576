import fc from 'fast-check';
import {
  addEntry,
  entriesOfSender,
  findByLastFour,
  isPlaceholder,
  parseList,
  removeEntry,
  replaceEntries,
  serializeList,
} from '../../../cli/secrets/list.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';
import { chile, free, later, now, peru } from './entries.ts';

/** As CloudFormation generates it, without punctuation. */
const placeholder = `${'Zq3'.repeat(21)}x`;

describe('reading and writing', () => {
  test('any list that is written reads the same', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 }).filter((value) => value.trim() === value);
    const id = fc.stringMatching(/^[\w.:-]{1,12}$/);
    const secret = fc.oneof(fc.stringMatching(/^[\w!#-&(-+.-;=?@^|~-]{16,40}$/), fc.constant(placeholder));
    const expiresAt = fc
      .date({ min: new Date(now), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const entry = fc.record(
      { secret, name: text, sender: id, project: id, expiresAt },
      { requiredKeys: ['secret'] },
    );
    const lists = fc.uniqueArray(entry, {
      minLength: 1,
      maxLength: 5,
      selector: (item) => JSON.stringify([item.secret, item.name, item.sender, item.project, item.expiresAt]),
    });
    fc.assert(
      fc.property(lists, (list) => {
        expect(parseList(serializeList(list), now)).toEqual(list);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a single secret without other fields is plain text; everything else is JSON', () => {
    expect(serializeList([free])).toBe('whsec_free_a_0001');
    expect(serializeList([free, peru])).toBe(
      '["whsec_free_a_0001",{"secret":"whsec_peru_a_0003","name":"snd_pe"}]',
    );
  });

  test('the text that the stack begins with is no secret, and no other text is taken for it', () => {
    expect(parseList(placeholder, now)).toEqual([]);
    for (const secret of [`whsec_${placeholder.slice(6)}`, placeholder.slice(1), `${placeholder}x`]) {
      expect(isPlaceholder(secret)).toBe(false);
      expect(parseList(secret, now)).toEqual([{ secret }]);
    }
  });

  test('a secret that looks like the placeholder is written so that it still reads as a secret', () => {
    expect(parseList(serializeList([{ secret: placeholder }]), now)).toEqual([{ secret: placeholder }]);
  });

  test('a list that the receiver would refuse is not written', () => {
    for (const field of ['name', 'sender', 'project'])
      for (const blank of ['', ' '])
        expect(() => serializeList([{ ...free, [field]: blank }])).toThrow('signing secret must be');
    for (const secret of [`'${free.secret}'`, 'whsec_a', `${free.secret}…`])
      expect(() => serializeList([{ secret }])).toThrow('signing secret must be');
  });

  test('expired and repeated entries are left out', () => {
    const expired = { ...chile, expiresAt: '2026-11-01T11:59:59.999Z' };
    expect(parseList(JSON.stringify([expired, free, peru, 'whsec_free_a_0001']), now)).toEqual([free, peru]);
  });

  test('an empty list, and one that is too large, are refused', () => {
    expect(() => serializeList([])).toThrow('every webhook is answered 503');
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      secret: `whsec_of_so_many_${index}`,
      name: 'a name',
    }));
    expect(() => serializeList(many)).toThrow('64 KiB');
  });
});

test('an entry is added at the end, or in the place of the same secret with the same binding', () => {
  expect(addEntry([free], peru)).toEqual([free, peru]);
  expect(addEntry([{ ...peru, expiresAt: later }, free], { ...peru, name: 'Peru' })).toEqual([
    { ...peru, name: 'Peru' },
    free,
  ]);
  const elsewhere = { ...chile, sender: 'snd_other' };
  expect(addEntry([chile], elsewhere)).toEqual([chile, elsewhere]);
});

test('only that entry is removed', () => {
  const elsewhere = { ...chile, sender: 'snd_other' };
  expect(removeEntry([chile, elsewhere, free], elsewhere)).toEqual([chile, free]);
});

describe('replaceEntries', () => {
  const fresh = { secret: 'whsec_fresh_0004', name: 'snd_cl', sender: 'snd_cl' };

  test('the old entry gets an end, or is removed at once', () => {
    expect(replaceEntries([chile, free], [chile], fresh, later)).toEqual([
      { ...chile, expiresAt: later },
      free,
      fresh,
    ]);
    expect(replaceEntries([chile, free], [chile], fresh)).toEqual([free, fresh]);
  });

  test('done twice, it changes nothing more', () => {
    const once = replaceEntries([chile, free], [chile], fresh, later);
    expect(replaceEntries(once, [chile], fresh, later)).toEqual(once);
  });

  test('the new entry is added if somebody has removed the old one, or there is none', () => {
    expect(replaceEntries([free], [chile], fresh, later)).toEqual([free, fresh]);
    expect(replaceEntries([free], [], fresh, later)).toEqual([free, fresh]);
  });
});

describe('findByLastFour', () => {
  const list: SigningSecret[] = [free, chile, { ...chile, sender: 'snd_other' }];

  test('finds the only secret that ends so, or the only one with this sender', () => {
    expect(findByLastFour(list, '0001')).toEqual(free);
    expect(findByLastFour(list, '0002', { sender: 'snd_cl' })).toEqual(chile);
  });

  test.each([
    ['0002', 'Say which'],
    ['0009', 'No such secret'],
    // A part of a secret, the whole secret or an empty text must not be taken for its last four characters.
    ['2', 'last four'],
    ['whsec_free_a_0001', 'last four'],
    ['', 'last four'],
  ])('refuses %j: %s', (lastFour, sentence) => {
    expect(() => findByLastFour(list, lastFour)).toThrow(sentence);
    expect(() => findByLastFour(list, lastFour)).not.toThrow(/whsec_chile/);
  });
});

test('an entry belongs to a sender by its name or its binding, unless it has an end', () => {
  const list = [free, chile, peru, { ...peru, secret: 'whsec_old_of_peru', expiresAt: later }];
  expect(entriesOfSender(list, 'snd_pe')).toEqual([peru]);
  expect(entriesOfSender(list, 'snd_cl')).toEqual([chile]);
  expect(entriesOfSender(list, 'snd_none')).toEqual([]);
});
