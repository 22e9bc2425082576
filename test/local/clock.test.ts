import { createClock } from '../../local/clock.ts';

const day = 86_400_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('begins at the time of the machine, and runs as many times faster as it is told', () => {
  const clock = createClock(60);
  const begin = Date.now();
  expect(clock.now()).toBe(begin);
  jest.advanceTimersByTime(1_000);
  expect(clock.now()).toBe(begin + 60_000);
});

test('calls back after some of its own time, unless that is cancelled', () => {
  const clock = createClock(60);
  const called = jest.fn();
  const cancelled = jest.fn();
  clock.after(60_000, called);
  clock.after(60_000, cancelled)();
  jest.advanceTimersByTime(999);
  expect(called).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(called).toHaveBeenCalledTimes(1);
  expect(cancelled).not.toHaveBeenCalled();
});

test('waits for longer than a timer of Node takes, and can be cancelled then, too', () => {
  const clock = createClock();
  const called = jest.fn();
  const cancelled = jest.fn();
  clock.after(60 * day, called);
  const cancel = clock.after(60 * day, cancelled);
  jest.advanceTimersByTime(60 * day - 1);
  expect(called).not.toHaveBeenCalled();
  cancel();
  jest.advanceTimersByTime(1);
  expect(called).toHaveBeenCalledTimes(1);
  expect(cancelled).not.toHaveBeenCalled();
});
