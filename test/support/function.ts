import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionDefinition } from '../../local/runtime/functions/definitions.ts';
import type { InvocationEnd } from '../../local/runtime/functions/invocation.ts';
import type { FunctionObserver } from '../../local/runtime/functions/lambda-function.ts';
import type { FailedAttempt, Print } from '../../local/runtime/functions/observation.ts';

/** A function of this code, which exports `handler`, as the local run would deploy it. */
export function defineFunction(code: string, settings: Partial<FunctionDefinition> = {}): FunctionDefinition {
  const module = join(mkdtempSync(join(tmpdir(), 'function-')), 'index.mjs');
  writeFileSync(module, code);
  return {
    name: 'Function',
    module,
    exported: 'handler',
    role: 'arn:aws:iam::000000000000:role/Function',
    traced: false,
    logGroup: 'Logs',
    logging: { format: 'Text' },
    environment: {},
    memoryMb: 256,
    timeoutSeconds: 60,
    ...settings,
  };
}

/** Records all that it is told about a function. */
export class FunctionRecorder implements FunctionObserver {
  readonly lines: string[] = [];
  readonly platformLines: string[] = [];
  readonly outcomes: string[] = [];
  readonly failures: string[] = [];
  readonly ends: InvocationEnd[] = [];
  readonly attempts: FailedAttempt[] = [];
  readonly prints: Print[] = [];
  readonly excesses: number[] = [];
  throttles = 0;

  started(): void {}

  line(text: string): void {
    this.lines.push(text);
  }

  platformLine(text: string): void {
    this.platformLines.push(text);
  }

  invoked({ outcome }: { outcome: string }): void {
    this.outcomes.push(outcome);
  }

  throttled(): void {
    this.throttles += 1;
  }

  memoryExceeded(usedMb: number): void {
    this.excesses.push(usedMb);
  }

  failed(end: InvocationEnd): void {
    this.failures.push(end.reason);
    this.ends.push(end);
  }

  attemptFailed(failed: FailedAttempt): void {
    this.attempts.push(failed);
  }

  printed(print: Print): void {
    this.prints.push(print);
  }
}
