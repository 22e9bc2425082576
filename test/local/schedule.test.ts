import type { InvocationResult } from '../../local/sandbox.ts';
import { RunningSchedule } from '../../local/schedule.ts';
import { HandClock } from '../support/hand-clock.ts';

const minute = 60_000;

function start(everyMs: number) {
  const clock = new HandClock();
  const target = {
    invoke: jest.fn(async (): Promise<InvocationResult> => ({ ok: true, result: undefined })),
  };
  const schedule = new RunningSchedule({ everyMs, targets: [target] }, clock);
  return { clock, schedule, runs: () => target.invoke.mock.calls.length };
}

test('runs at once, and then at its rate', () => {
  const { clock, runs } = start(5 * minute);
  expect(runs()).toBe(1);
  clock.advance(5 * minute - 1);
  expect(runs()).toBe(1);
  clock.advance(1);
  expect(runs()).toBe(2);
  clock.advance(50 * minute);
  expect(runs()).toBe(12);
});

test('does not make up for what a machine slept through, and keeps its times', () => {
  const { clock, runs } = start(minute);
  clock.jump(10.5 * minute);
  clock.advance(0);
  expect(runs()).toBe(2);
  clock.advance(0.5 * minute);
  expect(runs()).toBe(3);
});

test('runs no more once it is stopped', () => {
  const { clock, schedule, runs } = start(minute);
  schedule.stop();
  clock.advance(10 * minute);
  expect(runs()).toBe(1);
});
