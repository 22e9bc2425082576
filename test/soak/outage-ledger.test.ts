import { type OutageLedger, outageRows, violationsOf } from './outage-ledger.ts';

/** A day on which all is well. */
const good: OutageLedger = {
  seed: 1,
  messages: 10,
  lost: 3,
  late: [
    { id: 'in time', isInLadder: true, outcome: 'handled' },
    { id: 'too late', isInLadder: false, outcome: 'superseded' },
    { id: 'of a step between', isInLadder: false, outcome: 'handled' },
  ],
  recovered: 4,
  recoveredBySecondRun: 0,
  missing: [],
  handledTwice: [],
  needless: [],
  bounds: [],
  runs: { whole: 2, endedEarly: 1, twoAtOnce: 1, overtaken: 0 },
  requests: 20,
};

test('a day on which all is recovered once breaks no promise', () => {
  expect(violationsOf(good)).toEqual([]);
});

const bad: Readonly<Record<string, Partial<OutageLedger>>> = {
  'something is missing': { missing: ['message k57 delivered'] },
  'something was handled twice': { handledTwice: ['message k57 delivered'] },
  'something was rebuilt that had been handled': { needless: ['reconciled:message:k57:delivered'] },
  'a bound was hit': { bounds: ['pages'] },
  'a second run recovered something': { recoveredBySecondRun: 1 },
  'a second run did not come to its end': { recoveredBySecondRun: Number.NaN },
  'a late original is lost': { late: [{ id: 'a', isInLadder: true, outcome: 'lost' }] },
  'something was rebuilt within the ladder': { late: [{ id: 'a', isInLadder: true, outcome: 'superseded' }] },
  'nothing was lost': { lost: 0 },
  'nothing was recovered': { recovered: 0 },
  'no run ended early': { runs: { ...good.runs, endedEarly: 0 } },
};

test.each(Object.entries(bad))('it is a violation if %s', (_, change) => {
  expect(violationsOf({ ...good, ...change })).toHaveLength(1);
});

test('the rows add up the days', () => {
  expect(outageRows([good, { ...good, missing: ['message k57 delivered'] }])).toMatchObject({
    'messages of these days': 20,
    recovered: 8,
    '  found to be duplicates': 2,
    missing: 1,
    violations: 1,
  });
});
