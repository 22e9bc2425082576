// Runs in a process of its own, as plain JavaScript: Lambda's runtime strips no types, and neither may what
// stands in its place while it is measured.
import { readFileSync, writeFileSync, writeSync } from 'node:fs';

const [, , module, exported, eventFile] = process.argv;
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const context = { getRemainingTimeInMillis: () => 30_000, functionName: 'cold', awsRequestId: 'cold' };

const boot = spent();
const { [exported]: handler } = await import(module);
const init = spent();
// Lambda gives a start the whole processor, and requests what their memory buys.
if (process.env.CPU_QUOTA) writeFileSync(process.env.CPU_QUOTA, String(process.pid));
const result = await handler(event, context);
const answer = spent();
writeSync(3, JSON.stringify({ boot, init, answer, result }));
process.exit();

/** Milliseconds since the process began: by the clock, and of processor time, other threads' included. */
function spent() {
  const { user, system } = process.cpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}
