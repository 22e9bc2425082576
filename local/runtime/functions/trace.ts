import { randomBytes } from 'node:crypto';

/** The trace of an invocation, and the header by which X-Ray hands it on. */
export interface Trace {
  traceId: string;
  segmentId: string;
  header: string;
}

/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
export function createTrace(isSampled: boolean): Trace {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  // All at once, because each call of the generator costs as much as all of its bytes.
  const random = randomBytes(20).toString('hex');
  const traceId = `1-${seconds}-${random.slice(16)}`;
  const segmentId = random.slice(0, 16);
  return { traceId, segmentId, header: `Root=${traceId};Parent=${segmentId};Sampled=${isSampled ? 1 : 0}` };
}
