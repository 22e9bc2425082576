import fc from 'fast-check';
import {
  decideRetry,
  type Limits,
  maxAttempts,
  type Situation,
} from '../../../lambda/worker/retry-decision.ts';

const limits: Limits = {
  delaysSeconds: [60, 300],
  maxReceives: 100,
  maxAgeSeconds: 10_000,
  maxPauseSeconds: 90,
};
const situation: Situation = {
  outcome: 'failed',
  isPermanent: false,
  runs: 1,
  lost: undefined,
  isOver: false,
  receives: 1,
  ageSeconds: 0,
  claimSeconds: 31,
};

test.each<[string, Partial<Situation>, ReturnType<typeof decideRetry>]>([
  ['the first run failed', {}, { retryInSeconds: 60 }],
  ['the second run failed, at the tenth receive', { runs: 2, receives: 10 }, { retryInSeconds: 300 }],
  ['the last run failed', { runs: 3, receives: 3 }, { reason: 'attempts_exhausted' }],
  ['no retry helps', { isPermanent: true }, { reason: 'permanent_failure' }],
  ['its function died in the last run', { isOver: true, lost: 'function_died' }, { reason: 'function_died' }],
  ['the last run was killed at its time-out', { isOver: true, lost: 'timed_out' }, { reason: 'timed_out' }],
  [
    'the last run failed, and its message could not be moved',
    { isOver: true },
    { reason: 'attempts_exhausted' },
  ],
  ['the first run failed at the last receive', { receives: 100 }, { reason: 'throttled' }],
  ['its wait would be too long for the queue', { ageSeconds: 9_941 }, { reason: 'throttled' }],
  ['a duplicate is in progress', { outcome: 'in_progress' }, { retryInSeconds: 1 }],
  ['a duplicate is in progress for longer', { outcome: 'in_progress', receives: 5 }, { retryInSeconds: 16 }],
  [
    'a duplicate is in progress, and its claim must soon have lapsed',
    { outcome: 'in_progress', receives: 7 },
    { retryInSeconds: 31 },
  ],
  [
    'a duplicate is in progress, and receives are scarce',
    { outcome: 'in_progress', receives: 50 },
    { retryInSeconds: 31 },
  ],
  [
    'a duplicate is in progress at the last receive',
    { outcome: 'in_progress', receives: 100 },
    { reason: 'claim_unavailable' },
  ],
  ['the table is unavailable', { outcome: 'unclaimed', receives: 3 }, { retryInSeconds: 4 }],
  ['the table is unavailable for long', { outcome: 'unclaimed', receives: 49 }, { retryInSeconds: 60 }],
  ['the table is unavailable for very long', { outcome: 'unclaimed', receives: 50 }, { retryInSeconds: 90 }],
  [
    'the table is unavailable at the last receive',
    { outcome: 'unclaimed', receives: 100 },
    { reason: 'claim_unavailable' },
  ],
  [
    'the table is unavailable until the queue would delete the message',
    { outcome: 'unclaimed', ageSeconds: 10_000 },
    { reason: 'claim_unavailable' },
  ],
  ['the messages table is unavailable', { outcome: 'unrecorded', receives: 3 }, { retryInSeconds: 4 }],
  [
    'the messages table is unavailable for long',
    { outcome: 'unrecorded', receives: 49 },
    { retryInSeconds: 60 },
  ],
  [
    'the messages table is unavailable for very long',
    { outcome: 'unrecorded', receives: 50 },
    { retryInSeconds: 90 },
  ],
  [
    'the messages table is unavailable at the last receive',
    { outcome: 'unrecorded', receives: 100 },
    { reason: 'messages_unavailable' },
  ],
  ['it must run alone, later', { outcome: 'postponed', lost: 'function_died' }, { retryInSeconds: 1 }],
  [
    'it must run alone, and no receive is left for it',
    { outcome: 'postponed', lost: 'timed_out', receives: 100 },
    { reason: 'timed_out' },
  ],
])('%s', (_, given, verdict) => {
  expect(decideRetry({ ...situation, ...given }, limits)).toEqual(verdict);
});

test('a message comes back while it has receives, time and attempts, and its reason is what happened', () => {
  const outcome = fc.constantFrom<Situation['outcome']>(
    'failed',
    'in_progress',
    'unclaimed',
    'unrecorded',
    'postponed',
  );
  const given = fc.record({
    outcome,
    isPermanent: fc.boolean(),
    runs: fc.integer({ min: 0, max: 4 }),
    lost: fc.constantFrom(undefined, 'function_died' as const, 'timed_out' as const),
    isOver: fc.boolean(),
    receives: fc.integer({ min: 1, max: 110 }),
    ageSeconds: fc.integer({ min: 0, max: 11_000 }),
    claimSeconds: fc.integer({ min: 2, max: 901 }),
  });
  fc.assert(
    fc.property(given, (each) => {
      const verdict = decideRetry(each, limits);
      if ('retryInSeconds' in verdict) {
        expect(each.receives).toBeLessThan(limits.maxReceives);
        expect(each.ageSeconds + verdict.retryInSeconds).toBeLessThanOrEqual(limits.maxAgeSeconds);
        if (each.outcome === 'failed') expect(each.runs).toBeLessThan(maxAttempts(limits));
        return;
      }
      if (each.outcome === 'in_progress' || each.outcome === 'unclaimed') {
        expect(verdict.reason).toBe('claim_unavailable');
      }
      if (each.outcome === 'unrecorded') expect(verdict.reason).toBe('messages_unavailable');
      if (verdict.reason === 'function_died' || verdict.reason === 'timed_out') {
        expect(verdict.reason).toBe(each.lost);
      }
    }),
    { numRuns: 5_000 },
  );
});
