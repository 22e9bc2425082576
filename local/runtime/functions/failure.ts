import type { FunctionDefinition } from './definitions.ts';
import type { PlatformLines } from './platform-lines.ts';
import type { NoAnswer, ProcessAnswer } from './sandbox-process.ts';
import type { FunctionFailure, Thrown } from './text-lines.ts';

/** Why there is no result. */
export interface Failed {
  /** In a few words, for a person. */
  error: string;
  /** As Lambda's report tells it. The report does not tell what a handler throws. */
  failure?: FunctionFailure;
  /** What Lambda writes about it, if it writes anything. */
  line?: string | undefined;
}

/** How Lambda names signals. */
const signals: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/**
 * Says why the answer of a process is no result.
 *
 * @param lines what Lambda writes about the function
 * @param requestId of the invocation; undefined for the init phase
 * @returns undefined if the answer is a result
 */
export function explainFailure(
  answer: ProcessAnswer | NoAnswer,
  { memoryMb }: Pick<FunctionDefinition, 'memoryMb'>,
  lines: PlatformLines,
  requestId?: string,
): Failed | undefined {
  if ('maxMemoryMb' in answer) return answer.thrown && ofThrown(answer.thrown, lines, requestId);
  if ('timedOutAfterMs' in answer) {
    const seconds = answer.timedOutAfterMs / 1000;
    return {
      error: `timed out after ${seconds} s`,
      failure: { status: 'timeout' },
      ...(requestId && { line: lines.taskTimedOut(new Date(), requestId, seconds) }),
    };
  }
  const { code, signal } = answer.exited;
  const how = signal ? `signal: ${signals[signal] ?? signal}` : `exit status ${code}`;
  const why =
    signal === 'SIGABRT' ? `, as Node does when its heap is full: the function has ${memoryMb} MB` : '';
  return {
    error: `${signal ? `was ended by ${signal}` : `exited with status ${code}`}${why}`,
    failure: { status: 'error', errorType: 'Runtime.ExitError' },
    ...(requestId && { line: lines.runtimeExited(requestId, how) }),
  };
}

function ofThrown(thrown: Thrown, lines: PlatformLines, requestId: string | undefined): Failed {
  const { errorType, errorMessage } = thrown;
  const error = `${errorType}: ${errorMessage}`;
  if (requestId) return { error, line: lines.invokeError(new Date(), requestId, thrown) };
  const reported = errorType.startsWith('Runtime.') ? errorType : 'Runtime.Unknown';
  return {
    error,
    failure: { status: 'error', errorType: reported },
    line: lines.uncaughtException(new Date(), thrown),
  };
}
