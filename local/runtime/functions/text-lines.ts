import { region } from '../../aws/template/environment.ts';
import type { Trace } from './trace.ts';

/**
 * The lines that Lambda and its runtime write into a function's log group, in the text format. If AWS ends a line
 * with an empty one, that is left out.
 *
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html (START, END, REPORT),
 * https://docs.aws.amazon.com/lambda/latest/dg/runtime-management-identify.html (INIT_START),
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (INIT_REPORT, a runtime that exits), and
 * public logs of functions for what those pages leave out.
 */

/** How an invocation or an init phase ended, if it gave no result. */
export interface FunctionFailure {
  status: 'error' | 'timeout';
  /** Such as `Runtime.ExitError`; a timeout has none. */
  errorType?: string | undefined;
}

/** What a function threw, as its runtime tells it. */
export interface Thrown {
  errorType: string;
  errorMessage: string;
  /** One frame each, after the message. */
  stack: readonly string[];
}

export interface Invoked {
  requestId: string;
  durationMs: number;
  memoryMb: number;
  maxMemoryMb: number;
  /** Milliseconds of the init phase, if this is the first invocation of its execution environment. */
  initMs?: number | undefined;
  failure?: FunctionFailure | undefined;
  /** The trace that X-Ray samples; undefined if it samples none. */
  trace?: Trace | undefined;
}

export const runtimeName = 'nodejs:24.v48';

/** Stands for the digest that names a version of the runtime: 64 hexadecimal digits. */
const runtimeVersion = '0123456789abcdef'.repeat(4);

/** Of each new execution environment. */
export function initStart(): string {
  return `INIT_START Runtime Version: ${runtimeName}\tRuntime Version ARN: arn:aws:lambda:${region}::runtime:${runtimeVersion}`;
}

/** Of an init phase that gave no runtime. One that succeeds is told of in the first invocation's report. */
export function initReport(durationMs: number, failure: FunctionFailure): string {
  return ['INIT_REPORT', ` Init Duration: ${ms(durationMs)}\tPhase: init`, ending(failure)].join('');
}

/** Of an invocation that begins. */
export function start(requestId: string): string {
  return `START RequestId: ${requestId} Version: $LATEST`;
}

/** Of an invocation that ended, however. */
export function end(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

/** Of an invocation that ended: its time, what is billed (the init phase too), its memory, its trace. */
export function report(invoked: Invoked): string {
  const { requestId, durationMs, memoryMb, maxMemoryMb, initMs, failure, trace } = invoked;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${ms(durationMs)}`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${ms(initMs)}`]),
  ];
  const line = `${fields.join('\t')}${failure ? ending(failure) : ''}\t`;
  // One log event, although it has two lines.
  return trace
    ? `${line}\nXRAY TraceId: ${trace.traceId}\tSegmentId: ${trace.segmentId}\tSampled: true\t`
    : line;
}

/** Of an invocation that was ended at the function's timeout. */
export function taskTimedOut(at: Date, requestId: string, seconds: number): string {
  return `${at.toISOString()} ${requestId} Task timed out after ${seconds.toFixed(2)} seconds`;
}

/**
 * Of a runtime that ended in mid-invocation.
 *
 * @param how for example `exit status 1` or `signal: killed`
 */
export function runtimeExited(requestId: string, how: string): string {
  return `RequestId: ${requestId} Error: Runtime exited with error: ${how}\nRuntime.ExitError`;
}

/** Of an invocation whose handler threw: the runtime writes all of it, its message and stack too. */
export function invokeError(at: Date, requestId: string, thrown: Thrown): string {
  return `${at.toISOString()}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(thrown)}`;
}

/** Of an init phase in which the function's module threw, or could not be imported. */
export function uncaughtException(at: Date, thrown: Thrown): string {
  return `${at.toISOString()}\tundefined\tERROR\tUncaught Exception \t${JSON.stringify(thrown)}`;
}

function ms(duration: number): string {
  return `${duration.toFixed(2)} ms`;
}

function ending({ status, errorType }: FunctionFailure): string {
  return `\tStatus: ${status}${errorType ? `\tError Type: ${errorType}` : ''}`;
}
