/** What was thrown, with its message: for whoever writes a handler, never for a log of AWS. */
export interface Described {
  /** Its class; the type of what is no Error. */
  name: string;
  message: string;
  /** Its frames; '' if it has none. */
  stack: string;
  /** From the nearest to the deepest. */
  causes: readonly { name: string; message: string }[];
}

/** An attempt of the worker in which something was thrown. */
export interface FailedAttempt {
  saw: 'failed_attempt';
  id: string;
  type: string;
  worker: string;
  /** Which attempt it was, of how many. */
  attempt: number;
  attempts: number;
  error: Described;
}

/** Something was thrown that nobody caught: it ends the process. */
export interface Uncaught {
  saw: 'uncaught';
  isRejection: boolean;
  error: Described;
}

/** The process ends. Its stack says who called `process.exit()`. */
export interface Exit {
  saw: 'exit';
  stack: string;
}

/** Something was printed by a method of `console`. */
export interface Print {
  saw: 'print';
  method: string;
  stack: string;
}

/** What the process of a sandbox sees in it, beside the answers of its function. AWS sees nothing of this. */
export type Observation = FailedAttempt | Uncaught | Exit | Print;
