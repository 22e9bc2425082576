import { nearest } from '../../lib/nearest.ts';

const words = ['send', 'secrets', 'dev', 'dlq', 'dead-letters', 'replay'];

test.each([
  ['sned', 'send'],
  ['secret', 'secrets'],
  ['deadletters', 'dead-letters'],
  ['dead-leters', 'dead-letters'],
  ['relay', 'replay'],
  ['dql', undefined],
  ['x', undefined],
  ['deploy-everything', undefined],
  ['', undefined],
])('%s may mean %s', (word, meant) => {
  expect(nearest(word, words)).toBe(meant);
});
