import { isStored, type Logging, type LogLevel } from './logging.ts';
import * as text from './text-lines.ts';

/** What Lambda and its runtime write about a function. Undefined stands for no line. */
export interface PlatformLines {
  initStart(): string | undefined;
  initReport(durationMs: number, failure: text.FunctionFailure): string | undefined;
  start(requestId: string): string | undefined;
  end(requestId: string, failure?: text.FunctionFailure): string | undefined;
  report(invoked: text.Invoked): string | undefined;
  taskTimedOut(at: Date, requestId: string, seconds: number): string | undefined;
  runtimeExited(requestId: string, how: string): string | undefined;
  invokeError(at: Date, requestId: string, thrown: text.Thrown): string | undefined;
  uncaughtException(at: Date, thrown: text.Thrown): string | undefined;
}

/**
 * The lines about a function, in the format of its log. In JSON, they are an object for each event of the platform
 * whose level is stored: at WARN, only of what failed. Of a timeout, and of a runtime that exits, the objects have the
 * status, and there is no other line. `platform.initRuntimeDone`, which Lambda writes beside `platform.initReport`, is
 * left out.
 *
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html (the objects),
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html (the level of each), and
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (what the runtime writes of an error).
 */
export function platformLines(logging: Logging): PlatformLines {
  if (logging.format === 'Text') return text;
  const event = (level: LogLevel, type: string, record: object) =>
    isStored(level, logging.system)
      ? JSON.stringify({ time: new Date().toISOString(), type: `platform.${type}`, record })
      : undefined;
  const error = (at: Date, { errorType, errorMessage, stack }: text.Thrown, requestId?: string) =>
    isStored('ERROR', logging.application)
      ? JSON.stringify({
          timestamp: at.toISOString(),
          level: 'ERROR',
          requestId,
          message: { errorType, errorMessage, stackTrace: stack },
        })
      : undefined;
  const started = { initializationType: 'on-demand', phase: 'init' };
  return {
    initStart: () => event('INFO', 'initStart', { ...started, runtimeVersion: text.runtimeName }),
    initReport: (durationMs, failure) =>
      event('WARN', 'initReport', { ...started, metrics: { durationMs: rounded(durationMs) }, ...failure }),
    start: (requestId) => event('INFO', 'start', { requestId, version: '$LATEST' }),
    end: (requestId, failure) =>
      event(failure ? 'WARN' : 'DEBUG', 'runtimeDone', { requestId, ...(failure ?? success) }),
    report: ({ requestId, durationMs, memoryMb, maxMemoryMb, initMs, failure, trace }) =>
      event(failure ? 'WARN' : 'INFO', 'report', {
        requestId,
        metrics: {
          durationMs: rounded(durationMs),
          billedDurationMs: Math.ceil(durationMs + (initMs ?? 0)),
          memorySizeMB: memoryMb,
          maxMemoryUsedMB: maxMemoryMb,
          ...(initMs === undefined ? {} : { initDurationMs: rounded(initMs) }),
        },
        ...(trace
          ? { tracing: { spanId: trace.segmentId, type: 'X-Amzn-Trace-Id', value: trace.header } }
          : {}),
        ...(failure ?? success),
      }),
    taskTimedOut: () => undefined,
    runtimeExited: () => undefined,
    invokeError: (at, requestId, thrown) => error(at, thrown, requestId),
    uncaughtException: (at, thrown) => error(at, thrown),
  };
}

const success = { status: 'success' };

function rounded(ms: number): number {
  return Number(ms.toFixed(3));
}
