import { startSqs } from '../../local/aws/sqs/sqs.ts';
import type { Question } from './clocked-sqs.ts';
import { HandClock } from './hand-clock.ts';

/** Runs the local run's SQS by clocks that its parent moves on, until that disconnects. */
const clocks = { retention: new HandClock(), machine: new HandClock() };
const sqs = await startSqs(clocks.retention, clocks.machine);

process.on('disconnect', () => process.exit());
process.on('message', async (question: Question) => {
  process.send?.((await answer(question)) ?? null);
});
process.send?.('ready');

function answer(question: Question): unknown {
  switch (question.ask) {
    case 'endpoint':
      return sqs.endpoint;
    case 'advance':
      return clocks[question.clock].advance(question.milliseconds);
    case 'topics':
      return sqs.setTopics(question.topics);
    case 'statistics':
      return sqs.queue(question.queue)?.statistics();
    case 'receive':
      return sqs.queue(question.queue)?.receive(10, new AbortController().signal, question.maxWaitMs);
  }
}
