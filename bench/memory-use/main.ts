import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { nodeOptions } from '../../local/runtime/functions/node-options.ts';
import { apps, deployedFunctions, type Subject } from '../functions.ts';
import { Loopback } from '../loopback.ts';
import { table } from '../markdown.ts';
import { batchOf, inboundBody, secret, webhookOf } from '../webhook.ts';
import { chatEvent, packedBatch, sparseEvent } from './large-events.ts';

/**
 * `npm run memory-use`: how much memory the deployed bundles take at most, once idle and with the largest events that
 * they are given. By it the least of `receiverMemoryMb` and of `workerMemoryMb` was chosen. It compares nothing with
 * anything, and takes half a minute.
 */
const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '192,256,512,1024' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    `npm run memory-use -- [--sizes <MB,…>]\n\n  --sizes <MB,…>  memory sizes of the functions (${values.sizes})`,
  );
  process.exit();
}

/** Lambda hands no more than 6 MB to a function, with API Gateway's or SQS's own fields. */
const payloadBytes = 6_291_456;
const largeBytes = 4_000_000;
const times = 5;

const measuredSchema = z.object({ idleMb: z.number(), peaksMb: z.array(z.number()), result: z.unknown() });

const ten = (create: () => string) => Array.from({ length: 10 }, create);
const chat = () => chatEvent(largeBytes);
const sparse = () => sparseEvent(payloadBytes - 400_000);
const cases = {
  ReceiverFunction: {
    'an inbound message': () => webhookOf(inboundBody()),
    '4 MB of chat': () => webhookOf(chat()),
    '4 MB of chat, in base64': () => asBase64(webhookOf(chat())),
    '5.9 MB of empty objects': () => webhookOf(sparse()),
  },
  InboundWorkerFunction: {
    'ten inbound messages': () => batchOf(ten(inboundBody)),
    'one event of 4 MB of chat': () => packedBatch([chat()]),
    'ten of those': () => packedBatch(ten(chat)),
    'one event of 5.9 MB of empty objects': () => packedBatch([sparse()]),
    'ten of these': () => packedBatch(ten(sparse)),
  },
};

const workspace = mkdtempSync(join(tmpdir(), 'zavu-memory-'));
const loopback = await Loopback.start(secret);
try {
  const deployed = await deployedFunctions(apps.stack, workspace, loopback);
  const rows: string[][] = [];
  for (const memoryMb of values.sizes.split(',').map(Number)) {
    for (const [name, given] of Object.entries(cases)) {
      for (const [what, create] of Object.entries(given)) {
        rows.push([String(memoryMb), name, what, ...(await measure(deployed(name), memoryMb, create()))]);
      }
    }
  }
  console.log(table(['MB', 'function', 'given', 'idle, MB', 'first, MB', 'fifth, MB', 'answer'], rows));
} finally {
  loopback.stop();
  rmSync(workspace, { recursive: true, force: true });
}

/** Runs a function in a process of its own, with as much of a heap as Lambda gives it. */
async function measure({ module, environment }: Subject, memoryMb: number, event: object): Promise<string[]> {
  const file = join(workspace, 'event.json');
  writeFileSync(file, JSON.stringify(event));
  await loopback.calls('forget');
  const child = fork(join(import.meta.dirname, 'process.mjs'), [module, file, String(times)], {
    env: { ...environment, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb) },
    execArgv: nodeOptions(memoryMb),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const settled = new AbortController();
  const [message] = await Promise.race([
    once(child, 'message', settled),
    once(child, 'exit', settled).then(([code, signal]) => [`ended with ${signal ?? code}`]),
  ]);
  settled.abort();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (typeof message === 'string') return ['', '', '', message];
  const { idleMb, peaksMb, result } = measuredSchema.parse(message);
  return [idleMb, peaksMb[0], peaksMb.at(-1), answerOf(result)].map(String);
}

function asBase64(request: ReturnType<typeof webhookOf>) {
  return { ...request, body: Buffer.from(request.body ?? '').toString('base64'), isBase64Encoded: true };
}

/** What an answer says of itself: a status, or how many records are to come back. */
function answerOf(result: unknown): string {
  const { statusCode, batchItemFailures } = Object(result);
  return statusCode === undefined ? `${batchItemFailures?.length} failed` : String(statusCode);
}
