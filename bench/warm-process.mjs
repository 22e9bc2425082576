// Runs in a process of its own, as plain JavaScript, and keeps a function warm: each message is a block of events,
// with which it is invoked one after the other, and the answer is what they took.
import { writeFileSync } from 'node:fs';

const [, , module, exported] = process.argv;
const { [exported]: handler } = await import(module);
const context = { getRemainingTimeInMillis: () => 30_000, functionName: 'warm', awsRequestId: 'warm' };

if (process.env.CPU_QUOTA) writeFileSync(process.env.CPU_QUOTA, String(process.pid));

process.on('disconnect', () => process.exit());
process.on('message', async (events) => {
  const results = [];
  // If it was started for that: bench/allocations.ts.
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  for (const event of events) results.push(await handler(event, context));
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  const heapBytes = process.memoryUsage().heapUsed - heapUsed;
  process.send({ cpuMs: (user + system) / 1000, wallMs, heapBytes, results });
});
process.send('ready');
