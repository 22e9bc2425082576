import { randomBytes } from 'node:crypto';

/** The trace of an invocation, and the header by which X-Ray hands it on. */
export interface Trace {
  traceId: string;
  segmentId: string;
  header: string;
}

/**
 * The trace of an invocation. A function that is not traced gets an id alone, to pass on.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 * @see https://aws.amazon.com/blogs/compute/streamlining-trace-sampling-behavior-for-aws-lambda-functions-with-aws-x-ray
 */
export function createTrace(isTraced: boolean, isSampled: boolean): Trace {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  // All at once, because each call of the generator costs as much as all of its bytes.
  const random = randomBytes(20).toString('hex');
  const traceId = `1-${seconds}-${random.slice(16)}`;
  const segmentId = random.slice(0, 16);
  const rest = isTraced ? `;Parent=${segmentId};Sampled=${isSampled ? 1 : 0}` : '';
  return { traceId, segmentId, header: `Root=${traceId}${rest}` };
}
