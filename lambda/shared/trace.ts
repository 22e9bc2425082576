/**
 * The id by which X-Ray has a recorded request, and which its log lines share from the receiver to the handler: the root of
 * a trace header. The receiver sends the header to SQS, and SQS passes it to the worker. A request that is not recorded has a
 * header, too, and its id finds nothing.
 *
 * @param header such as `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-tracing.html
 */
export function traceField(header: string | undefined): { trace?: string } {
  if (!header?.includes('Sampled=1')) return {};
  const trace = header.match(/Root=([\w-]+)/)?.[1];
  return trace ? { trace } : {};
}
