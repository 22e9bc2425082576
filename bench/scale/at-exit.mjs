// Loaded before a command that is measured (`node --import`). When it ends, it writes down what its process has taken.
import { writeFileSync } from 'node:fs';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { peakMemoryMb } from '../../local/runtime/functions/peak-memory.mjs';

// What is left after a full collection is held by somebody. The process's own peak is mostly what was not collected yet.
let heldBytes = 0;
new PerformanceObserver((list) => {
  const isFull = list.getEntries().some(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR);
  if (isFull) heldBytes = Math.max(heldBytes, process.memoryUsage().heapUsed);
}).observe({ entryTypes: ['gc'] });

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  // A short command may end before there is a collection.
  const held = heldBytes || process.memoryUsage().heapUsed;
  const measured = { cpuMs: (user + system) / 1000, heldMb: held / 1024 ** 2, peakMb: peakMemoryMb() };
  writeFileSync(process.env.MEASURED_FILE, JSON.stringify(measured));
});
