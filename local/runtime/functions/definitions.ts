import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Assembly } from '../../aws/template/assembly.ts';
import { functionOf, type Resolve } from '../../aws/template/intrinsics.ts';
import type { EventSourceDefinition } from '../event-sources/event-source.ts';
import type { FunctionDefinition } from './sandbox.ts';

/** The functions of a template, with these variables added to the template's own. */
export function functionDefinitions(
  assembly: Assembly,
  resolve: Resolve,
  endpoints: Record<string, string>,
): FunctionDefinition[] {
  return ofType(assembly, 'AWS::Lambda::Function').map(([name, properties]) => {
    const { Code, Environment, Handler, LoggingConfig, MemorySize, Role, Timeout, TracingConfig } =
      properties as {
        Code: { S3Key: string };
        Environment?: { Variables: Record<string, unknown> };
        Handler: string;
        LoggingConfig?: { LogGroup?: unknown };
        MemorySize?: number;
        Role: unknown;
        Timeout?: number;
        TracingConfig?: { Mode: string };
      };
    const [file = '', exported = ''] = Handler.split('.');
    const directory = assembly.assetDirectory(Code.S3Key);
    const module = ['.mjs', '.js'].map((ending) => join(directory, file + ending)).find(existsSync);
    if (!module) throw new Error(`The bundle of ${name} has no ${file}.mjs or ${file}.js.`);
    const variables = resolve(Environment?.Variables ?? {}) as Record<string, string>;
    return {
      name,
      module,
      exported,
      role: String(resolve(Role)),
      traced: TracingConfig?.Mode === 'Active',
      // Lambda's own default.
      logGroup: String(resolve(LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`)),
      environment: { ...variables, ...endpoints },
      compileCache: join(dirname(directory), 'compiled'),
      // Lambda's own defaults, too.
      memoryMb: MemorySize ?? 128,
      timeoutSeconds: Timeout ?? 3,
    };
  });
}

/** The event source mappings of a template, each with the logical id of its function. */
export function eventSourceDefinitions(
  assembly: Assembly,
  resolve: Resolve,
  queueUrl: (logicalId: string) => string,
): (EventSourceDefinition & { functionName: string })[] {
  return ofType(assembly, 'AWS::Lambda::EventSourceMapping').map(([id, properties]) => {
    const resolved = resolve(properties) as {
      BatchSize?: number;
      EventSourceArn: string;
      FunctionName: string;
      FunctionResponseTypes?: string[];
      ScalingConfig?: { MaximumConcurrency: number };
    };
    const queue = resolved.EventSourceArn.split(':').at(-1);
    if (!queue) throw new Error(`The event source ${id} reads from no queue.`);
    return {
      functionName: functionOf(resolved.FunctionName),
      queueArn: resolved.EventSourceArn,
      queueUrl: queueUrl(queue),
      batchSize: resolved.BatchSize ?? 10,
      maximumConcurrency: resolved.ScalingConfig?.MaximumConcurrency ?? 5,
      reportsBatchItemFailures: resolved.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    };
  });
}

function ofType(assembly: Assembly, type: string): [string, Record<string, unknown>][] {
  return Object.entries(assembly.resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties]);
}
