import { type Assembly, resourcesOfType } from '../../aws/template/assembly.ts';
import { functionOf } from '../../aws/template/intrinsics.ts';
import type { Resolve } from '../../aws/template/resolve.ts';

/** An event source mapping of the template. */
export interface EventSourceDefinition {
  /** Its logical id, which stands for the UUID that Lambda gives. */
  id: string;
  queueUrl: string;
  queueArn: string;
  batchSize: number;
  maximumConcurrency: number;
  reportsBatchItemFailures: boolean;
  /** Whether the template has it poll. */
  isEnabled: boolean;
}

/** The event source mappings of a template, each with the logical id of its function. */
export function eventSourceDefinitions(
  assembly: Assembly,
  resolve: Resolve,
  queueUrl: (logicalId: string) => string,
): (EventSourceDefinition & { functionName: string })[] {
  return resourcesOfType(assembly, 'AWS::Lambda::EventSourceMapping').map(([id, properties]) => {
    const resolved = resolve(properties) as {
      BatchSize?: number;
      Enabled?: boolean | string;
      EventSourceArn: string;
      FunctionName: string;
      FunctionResponseTypes?: string[];
      ScalingConfig?: { MaximumConcurrency: number };
    };
    const queue = resolved.EventSourceArn.split(':').at(-1);
    if (!queue) throw new Error(`The event source ${id} reads from no queue.`);
    return {
      id,
      functionName: functionOf(resolved.FunctionName),
      queueArn: resolved.EventSourceArn,
      queueUrl: queueUrl(queue),
      batchSize: resolved.BatchSize ?? 10,
      maximumConcurrency: resolved.ScalingConfig?.MaximumConcurrency ?? 5,
      reportsBatchItemFailures: resolved.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      // A template may write it as a text. Lambda's own default is true.
      isEnabled: String(resolved.Enabled ?? true) === 'true',
    };
  });
}
