import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import { daysAMonth, gigabyte, kilobyte, type Traffic, type Usage } from '../units.ts';

/** Firehose collects for 15 minutes, or until a partition has 128 MiB (lib/archive/stream.ts). */
const intervalsAMonth = daysAMonth * 96;
const bufferBytes = 128 * kilobyte ** 2;
/** Firehose charges a record in steps of 5 KB. */
const step = 5 * kilobyte;

/**
 * What the archive of accepted events uses.
 *
 * @param requests events and copies, each of which is archived
 */
export function archiveUsage(
  { archive, receiverMb }: StackShape,
  { payloadBytes }: Traffic,
  requests: number,
  { archive: assumed, logCompression }: Assumptions,
): Usage[] {
  if (!archive) return [];
  const component = 'archive';
  const record = payloadBytes + assumed.recordBytes;
  const delivered = (requests * record) / gigabyte;
  const bySize = (requests * record) / bufferBytes;
  const objects = Math.min(requests, Math.max(assumed.partitions * intervalsAMonth, bySize));
  return [
    { component, price: 'firehose', units: (requests * Math.ceil(record / step) * step) / gigabyte },
    { component, price: 'firehosePartitions', units: delivered },
    { component, price: 'firehoseJq', units: delivered * assumed.jqHoursPerGigabyte },
    { component, price: 'firehoseObjects', units: objects },
    { component, price: 's3Puts', units: objects },
    { component, price: 's3Storage', units: delivered * logCompression * (archive.days / daysAMonth) },
    // The answer waits for the slower of queue and stream.
    { component, price: 'lambdaCompute', units: (requests * assumed.waitMs * receiverMb) / 1000 / 1024 },
  ];
}
