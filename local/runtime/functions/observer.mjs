import { subscribe } from 'node:diagnostics_channel';
import { described } from './described.mjs';
import { frameOf } from './function-place.mjs';

/** @typedef {import('./observation.ts').FailedAttempt} FailedAttempt */

/** How many places that print are told of. */
const maxPrints = 20;

/**
 * Tells what the function throws, what ends its process, and where it prints by itself.
 *
 * @param {(observation: import('./observation.ts').Observation) => void} tell
 * @param {() => boolean} isEnding whether the process ends because the local run does
 */
export function observe(tell, isEnding) {
  /** @type {unknown} */
  let handlers;
  subscribe('zavu:handlers', (message) => {
    handlers = message;
  });
  subscribe('zavu:attempt-failed', (message) => {
    const { thrown, ...attempt } = /** @type {Omit<FailedAttempt, 'saw' | 'error'> & { thrown: unknown }} */ (
      message
    );
    const error = described(thrown);
    const stack = (!hasPlace(error.stack) && frameOf(Object(handlers)[attempt.type])) || error.stack;
    tell({ saw: 'failed_attempt', error: { ...error, stack }, ...attempt });
  });
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    tell({ saw: 'uncaught', error: described(error), isRejection: origin === 'unhandledRejection' });
  });
  process.on('exit', () => {
    // Whoever called process.exit() stands below this handler.
    if (!isEnding()) tell({ saw: 'exit', stack: stackHere() });
  });

  const printed = new Set();
  for (const method of ['log', 'info', 'debug', 'warn', 'error', 'trace', 'fatal']) {
    subscribe(`console.${method}`, (given) => {
      // Metrics in the embedded metric format are meant for CloudWatch.
      if (printed.size >= maxPrints || (Array.isArray(given) && String(given[0]).startsWith('{"_aws":')))
        return;
      const stack = stackHere();
      if (printed.has(stack)) return;
      printed.add(stack);
      tell({ saw: 'print', method, stack });
    });
  }
}

/**
 * Whether a stack has a frame outside of Node's own code.
 *
 * @param {string} stack
 */
function hasPlace(stack) {
  return stack.split('\n').some((row) => /^\s+at .*:\d+:\d+\)?$/.test(row) && !/[( ]node:/.test(row));
}

function stackHere() {
  return new Error().stack ?? '';
}
