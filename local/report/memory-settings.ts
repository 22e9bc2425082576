import type { MemoryExcess } from './reporter.ts';

/** Names what sets the memory of a function. */
export function memorySettings(excess: MemoryExcess): string[] {
  if (excess.worker) return ['workerMemoryMb', `workers.${excess.worker}.memoryMb`];
  return [isReceiver(excess) ? 'receiverMemoryMb' : `the MemorySize of ${excess.function}`];
}

/** Whether a function is the receiver, by its logical id. */
export function isReceiver({ function: name }: MemoryExcess): boolean {
  return name.startsWith('Receiver');
}
