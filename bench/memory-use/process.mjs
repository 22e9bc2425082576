// Runs in a process of its own, as plain JavaScript, because what Node takes to strip types would count. It starts a
// function, invokes it with the event of a file, which it reads as Lambda's runtime reads an invocation, and says how
// much memory that took at most: once idle, and after each invocation.
import { readFileSync } from 'node:fs';
import { peakMemoryMb } from '../../local/runtime/functions/peak-memory.mjs';

const [, , module, file, times] = process.argv;
const { handler } = await import(module);
const context = { getRemainingTimeInMillis: () => 30_000, functionName: 'memory', awsRequestId: 'memory' };

const idleMb = peakMemoryMb();
const peaksMb = [];
let result;
for (let time = 0; time < Number(times); time++) {
  result = await handler(JSON.parse(readFileSync(file, 'utf8')), context);
  peaksMb.push(peakMemoryMb());
}
process.send({ idleMb, peaksMb, result }, () => process.exit());
