import fc from 'fast-check';
import {
  added,
  findByEnd,
  isPlaceholder,
  ofSender,
  printList,
  readList,
  removed,
  replaced,
  tableOf,
} from '../../../cli/secrets/list.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';

const now = Date.parse('2026-11-01T12:00:00Z');
const later = '2026-11-01T12:05:00.000Z';
const [free, chile, peru] = [
  { secret: 'whsec_free_a_0001' },
  { secret: 'whsec_chile_0002', name: 'snd_cl', sender: 'snd_cl' },
  { secret: 'whsec_peru_a_0003', name: 'snd_pe' },
] as const;
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
      selector: (each) => JSON.stringify([each.secret, each.name, each.sender, each.project, each.expiresAt]),
    });
    fc.assert(
      fc.property(lists, (list) => {
        expect(readList(printList(list), now)).toEqual(list);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a lone secret stays plain text; several, and what says more, are JSON', () => {
    expect(printList([free])).toBe('whsec_free_a_0001');
    expect(printList([free, peru])).toBe(
      '["whsec_free_a_0001",{"secret":"whsec_peru_a_0003","name":"snd_pe"}]',
    );
  });

  test('the text that the stack begins with is no secret, and nothing else is taken for it', () => {
    expect(readList(placeholder, now)).toEqual([]);
    for (const secret of [`whsec_${placeholder.slice(6)}`, placeholder.slice(1), `${placeholder}x`]) {
      expect(isPlaceholder(secret)).toBe(false);
      expect(readList(secret, now)).toEqual([{ secret }]);
    }
  });

  test('a secret that looks like it is not written so that it is taken for it', () => {
    expect(readList(printList([{ secret: placeholder }]), now)).toEqual([{ secret: placeholder }]);
  });

  test('what the receiver would refuse is not written', () => {
    for (const field of ['name', 'sender', 'project'])
      for (const blank of ['', ' '])
        expect(() => printList([{ ...free, [field]: blank }])).toThrow('signing secret must be');
    for (const secret of [`'${free.secret}'`, 'whsec_a', `${free.secret}…`])
      expect(() => printList([{ secret }])).toThrow('signing secret must be');
  });

  test('what has expired, and what stands there twice, goes', () => {
    const expired = { ...chile, expiresAt: '2026-11-01T11:59:59.999Z' };
    expect(readList(JSON.stringify([expired, free, peru, 'whsec_free_a_0001']), now)).toEqual([free, peru]);
  });

  test('an empty list, and one that no secret holds, are refused', () => {
    expect(() => printList([])).toThrow('every webhook is answered 503');
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      secret: `whsec_of_so_many_${index}`,
      name: 'a name',
    }));
    expect(() => printList(many)).toThrow('64 KiB');
  });
});

test('added: at the end, or in the place of the same secret with the same binding', () => {
  expect(added([free], peru)).toEqual([free, peru]);
  expect(added([{ ...peru, expiresAt: later }, free], { ...peru, name: 'Peru' })).toEqual([
    { ...peru, name: 'Peru' },
    free,
  ]);
  const elsewhere = { ...chile, sender: 'snd_other' };
  expect(added([chile], elsewhere)).toEqual([chile, elsewhere]);
});

test('removed: that one alone', () => {
  const elsewhere = { ...chile, sender: 'snd_other' };
  expect(removed([chile, elsewhere, free], elsewhere)).toEqual([chile, free]);
});

describe('replaced', () => {
  const fresh = { secret: 'whsec_fresh_0004', name: 'snd_cl', sender: 'snd_cl' };

  test('the old one counts until then, or goes at once', () => {
    expect(replaced([chile, free], [chile], fresh, later)).toEqual([
      { ...chile, expiresAt: later },
      free,
      fresh,
    ]);
    expect(replaced([chile, free], [chile], fresh)).toEqual([free, fresh]);
  });

  test('done twice is done once', () => {
    const once = replaced([chile, free], [chile], fresh, later);
    expect(replaced(once, [chile], fresh, later)).toEqual(once);
  });

  test('where somebody has removed the old one, or there is none', () => {
    expect(replaced([free], [chile], fresh, later)).toEqual([free, fresh]);
    expect(replaced([free], [], fresh, later)).toEqual([free, fresh]);
  });
});

describe('findByEnd', () => {
  const list: SigningSecret[] = [free, chile, { ...chile, sender: 'snd_other' }];

  test('one that is alone with it', () => {
    expect(findByEnd(list, '0001')).toEqual(free);
    expect(findByEnd(list, '0002', { sender: 'snd_cl' })).toEqual(chile);
  });

  test.each([
    ['0002', 'Say which'],
    ['0009', 'No such secret'],
    // A part of a secret, the whole, or nothing at all must not be taken for its end.
    ['2', 'last four'],
    ['whsec_free_a_0001', 'last four'],
    ['', 'last four'],
  ])('%j: %s', (end, sentence) => {
    expect(() => findByEnd(list, end)).toThrow(sentence);
    expect(() => findByEnd(list, end)).not.toThrow(/whsec_chile/);
  });
});

test('a sender is known by its name or its binding; what has an end is another generation', () => {
  const list = [free, chile, peru, { ...peru, secret: 'whsec_old_of_peru', expiresAt: later }];
  expect(ofSender(list, 'snd_pe')).toEqual([peru]);
  expect(ofSender(list, 'snd_cl')).toEqual([chile]);
  expect(ofSender(list, 'snd_none')).toEqual([]);
});

test('the table shows the last four characters and no more of a secret', () => {
  const table = tableOf(
    [free, { ...chile, project: 'prj_1', expiresAt: later }, { ...peru, expiresAt: '2026-11-01T11:00:00Z' }],
    now,
  );
  expect(table).toBe(
    [
      'secret  name    bound to         state',
      '…0001                            live',
      '…0002   snd_cl  snd_cl of prj_1  until 2026-11-01T12:05:00.000Z',
      '…0003   snd_pe                   expired 2026-11-01T11:00:00Z',
    ].join('\n'),
  );
});
