import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Assembly, resourcesOfType } from '../../aws/template/assembly.ts';
import type { Resolve } from '../../aws/template/resolve.ts';
import { type Logging, type LoggingConfig, loggingOf } from './logging.ts';

/** A function as the template describes it. */
export interface FunctionDefinition {
  name: string;
  /** Path of the module and the name of its export. */
  module: string;
  exported: string;
  /** ARN of the role that it acts in. */
  role: string;
  traced: boolean;
  /** Name of the log group that takes what it prints. */
  logGroup: string;
  logging: Logging;
  /** The template's variables, intrinsics resolved, and those by which it reaches the local AWS. */
  environment: Record<string, string>;
  /** Directory for what its processes have compiled, which the next one of them need not compile again. */
  compileCache?: string;
  memoryMb: number;
  timeoutSeconds: number;
}

/** The functions of a template, with these variables added to the template's own. */
export function functionDefinitions(
  assembly: Assembly,
  resolve: Resolve,
  endpoints: Record<string, string>,
): FunctionDefinition[] {
  return resourcesOfType(assembly, 'AWS::Lambda::Function').map(([name, properties]) => {
    const { Code, Environment, Handler, LoggingConfig, MemorySize, Role, Timeout, TracingConfig } =
      properties as {
        Code: { S3Key: string };
        Environment?: { Variables: Record<string, unknown> };
        Handler: string;
        LoggingConfig?: LoggingConfig & { LogGroup?: unknown };
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
      logging: loggingOf(LoggingConfig),
      environment: { ...variables, ...endpoints },
      compileCache: join(dirname(directory), 'compiled'),
      // Lambda's own defaults, too.
      memoryMb: MemorySize ?? 128,
      timeoutSeconds: Timeout ?? 3,
    };
  });
}
