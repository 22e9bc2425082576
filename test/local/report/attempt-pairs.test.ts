import { AttemptPairs } from '../../../local/report/attempt-pairs.ts';

const failure = (id: string) => ({
  id,
  type: 'message.inbound',
  worker: 'inbound',
  attempt: 1,
  attempts: 5,
  name: 'Error',
  message: 'no',
  causes: [],
  place: undefined,
});

test('halves without another one are let go, the oldest first', () => {
  const taken: string[] = [];
  const pairs = new AttemptPairs(({ id }) => taken.push(id));
  for (let number = 0; number <= 200; number++) pairs.failed(failure(`evt_${number}`));
  for (const id of ['evt_0', 'evt_1', 'evt_200']) {
    pairs.outcome({ id, worker: 'inbound', attempt: 1, outcome: 'retried', error: 'Error' });
  }
  // The line of evt_0 waits now, in place of the half of evt_1: its own had gone.
  expect(taken).toEqual(['evt_200']);
});
