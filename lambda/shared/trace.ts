/**
 * The id that a request's log lines share, from the receiver to the handler: the root of an X-Ray trace header.
 * The receiver sends the header to SQS, and SQS passes it to the worker.
 *
 * @param header such as `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-tracing.html
 */
export function traceField(header: string | undefined): { trace?: string } {
  const trace = header?.match(/Root=([\w-]+)/)?.[1];
  return trace ? { trace } : {};
}
