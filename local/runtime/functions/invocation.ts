import type { Exit, Uncaught } from './observation.ts';
import type { PausedFrame } from './paused-place.ts';

/** What the process of a sandbox is sent to run its function. */
export interface FunctionInvocation {
  event: unknown;
  context: {
    functionName: string;
    functionVersion: string;
    invokedFunctionArn: string;
    memoryLimitInMB: string;
    awsRequestId: string;
    logGroupName: string;
    logStreamName: string;
    callbackWaitsForEmptyEventLoop: boolean;
    /** Milliseconds since the epoch at which the sandbox is killed. */
    deadline: number;
  };
  /** X-Ray's header, which Lambda's runtime puts into the environment. */
  trace: string;
}

/** What became of an invocation. One that was throttled was never run. */
export type InvocationResult =
  | { ok: true; result: unknown }
  | { ok: false; error: string; throttled?: boolean };

/** What is known of an invocation that was run and gave no result. */
export interface InvocationEnd {
  reason: string;
  event: unknown;
  /** The lines that it has printed so far. */
  printed: readonly string[];
  /** What ended the process, as far as it was seen there. */
  seen: Uncaught | Exit | undefined;
  /** Where it was at its time-out; undefined if it did not time out, or could not be asked. */
  paused: readonly PausedFrame[] | undefined;
  durationMs: number;
}

/** An invocation that was run, and how long that took. */
export interface Execution {
  result: InvocationResult;
  /** Without the init phase, as Lambda counts. */
  durationMs: number;
  /** Undefined if it gave a result, or if its function does not start. */
  end?: InvocationEnd | undefined;
}
