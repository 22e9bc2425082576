import type { Context } from 'aws-lambda';
import type { HandlerContext } from '../handlers/handler.ts';

/**
 * How long before the function is killed its handlers' `signal` aborts, in milliseconds: half of its time, if it has
 * little.
 */
const abortMarginMs = 1000;

/** What is left of the function's time in one invocation. */
export interface InvocationTime extends Pick<HandlerContext, 'remainingTime' | 'signal'> {
  /** Whole seconds after which a claim that another invocation holds must have been completed or have expired. */
  readonly claimSeconds: number;
  /** Whether less than half of the time is left with which the invocation began. */
  isHalfOver(): boolean;
}

interface Invocation {
  readonly time: InvocationTime;
  /** To be called when the batch is answered: the function is frozen then, and its timer must not go off later. */
  end(): void;
}

/** Starts the clock of an invocation. */
export function startInvocation(context: Pick<Context, 'getRemainingTimeInMillis'>): Invocation {
  const remainingTime = () => context.getRemainingTimeInMillis();
  const timeLeft = remainingTime();
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), Math.max(timeLeft / 2, timeLeft - abortMarginMs));
  return {
    time: {
      remainingTime,
      signal: abort.signal,
      claimSeconds: Math.ceil(timeLeft / 1000) + 1,
      isHalfOver: () => remainingTime() < timeLeft / 2,
    },
    end: () => clearTimeout(timer),
  };
}
