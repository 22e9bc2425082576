import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import { requestsOf, type Traffic } from '../traffic.ts';
import { daysAMonth, gigabyte, kilobyte, type Usage } from '../units.ts';

/** Firehose collects for 15 minutes, or until a partition has 128 MiB (lib/archive/stream.ts). */
const intervalsAMonth = daysAMonth * 96;
const bufferBytes = 128 * kilobyte ** 2;
/** Firehose charges a record in steps of 5 KB. */
const recordStep = 5 * kilobyte;

/** What the archive uses. Every request is archived: new events and duplicates. */
export function archiveUsage(
  { archive, receiverMb }: StackShape,
  traffic: Traffic,
  assumptions: Assumptions,
): Usage[] {
  if (!archive) return [];
  const { logCompression, archive: assumed } = assumptions;
  const component = 'archive';
  const requests = requestsOf(traffic, assumptions);
  const recordBytes = traffic.payloadBytes + assumed.recordBytes;
  const delivered = (requests * recordBytes) / gigabyte;
  const charged = (requests * Math.ceil(recordBytes / recordStep) * recordStep) / gigabyte;
  const fullBuffers = (requests * recordBytes) / bufferBytes;
  const objects = Math.min(requests, Math.max(assumed.partitions * intervalsAMonth, fullBuffers));
  return [
    { component, price: 'firehose', units: charged },
    { component, price: 'firehosePartitions', units: delivered },
    { component, price: 'firehoseJq', units: delivered * assumed.jqHoursPerGigabyte },
    { component, price: 'firehoseObjects', units: objects },
    { component, price: 's3Puts', units: objects },
    { component, price: 's3Storage', units: delivered * logCompression * (archive.days / daysAMonth) },
    // The receiver answers once both the queue and the stream have the event: this is how much longer that takes.
    { component, price: 'lambdaCompute', units: (requests * assumed.waitMs * receiverMb) / 1000 / 1024 },
  ];
}
