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

/** An invocation that was run, and how long that took. */
export interface Execution {
  result: InvocationResult;
  /** Without the init phase, as Lambda counts. */
  durationMs: number;
}
