import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { guideLadder, zavuWaitsMs } from '../lambda/zavu/delivery.ts';
import { sample, sampleTypes } from '../lambda/zavu/samples.ts';
import { firstSecret, type SenderScheme, senderSchemes, sign } from '../lambda/zavu/sign.ts';
import { signatureHeader } from '../lambda/zavu/signature.ts';
import { readState } from '../local/state.ts';
import { printable } from './shared/printable.ts';

const usage = `npm run send -- <event type or JSON file> [options]

  --url <url>        where to post; the running local stack by default
  --secret <secret>  signing secret; $ZAVU_WEBHOOK_SECRET, or the running local stack's, by default
  --scheme <scheme>  ${senderSchemes.join(', ')} (v2 by default)
  --times <n>        send it n times
  --fresh            give it an id and a time of its own, once for all times
  --tamper           change the body after signing it
  --stale            sign it an hour ago
  --retry            on any answer but 2xx try again after the waits of ${guideLadder.page.name}: ${guideLadder.waitsSeconds.map((wait) => wait / 60).join(', ')} min
  --speed <n>        that schedule n times as fast

Samples: ${sampleTypes.join(', ')}`;

const { waitsSeconds: retrySchedule } = guideLadder;

interface Delivery {
  url: string;
  secret: string;
  scheme: SenderScheme;
  tamper: boolean;
  stale: boolean;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      secret: { type: 'string' },
      scheme: { type: 'string', default: 'v2' },
      times: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      fresh: { type: 'boolean', default: false },
      tamper: { type: 'boolean', default: false },
      stale: { type: 'boolean', default: false },
      retry: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [what] = positionals;
  if (values.help || !what) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const body = values.fresh ? fresh(read(what)) : read(what);
  const delivery = {
    ...target(values.url, values.secret),
    scheme: schemeOf(values.scheme),
    tamper: values.tamper,
    stale: values.stale,
  };
  const speed = positive('speed', values.speed);
  let answered = true;
  for (let time = 0; time < positive('times', values.times); time++) {
    answered = (await deliver(body, delivery, values.retry ? retrySchedule : [], speed)) && answered;
  }
  process.exitCode = answered ? 0 : 1;
}

/** Posts an event until it is taken or the waits are used up. Every attempt is signed anew. */
async function deliver(
  body: string,
  delivery: Delivery,
  waits: readonly number[],
  speed: number,
): Promise<boolean> {
  for (const wait of [...waits, undefined]) {
    if (await post(body, delivery)) return true;
    if (wait === undefined) break;
    console.log(`next attempt in ${wait / speed} s`);
    await sleep((wait / speed) * 1000);
  }
  return false;
}

async function post(body: string, { url, secret, scheme, tamper, stale }: Delivery): Promise<boolean> {
  const startedAt = performance.now();
  const timestamp = Math.floor(Date.now() / 1000) - (stale ? 3600 : 0);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Zavu-Webhook/1.0',
        [signatureHeader]: sign(body, secret, scheme, timestamp),
      },
      body: tamper ? body.replace(/\}\s*$/, ',"tampered":true}') : body,
      signal: AbortSignal.timeout(zavuWaitsMs),
    });
    const text = await response.text();
    console.log(`${response.status} in ${Math.round(performance.now() - startedAt)} ms  ${printable(text)}`);
    return response.ok;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    console.log(
      `no answer from ${url}: ${cause instanceof Error ? cause.message : cause}. Is \`npm start\` running?`,
    );
    return false;
  }
}

function read(what: string): string {
  return existsSync(what) ? readFileSync(what, 'utf8') : sample(what);
}

function fresh(body: string): string {
  const now = Date.now();
  const event: object = JSON.parse(body);
  return JSON.stringify({ ...event, id: `evt_${now}_${randomBytes(4).toString('hex')}`, timestamp: now });
}

/** Where to post and with which secret: as told, or as the running local stack wrote it down. */
function target(url: string | undefined, secret: string | undefined): { url: string; secret: string } {
  const local = readState();
  const to = url ?? local?.url;
  const key = secret ?? process.env.ZAVU_WEBHOOK_SECRET ?? (to === local?.url ? local?.secret : undefined);
  if (!to) throw new Error('Nowhere to send to: run `npm start` first, or give --url.');
  if (!key) throw new Error('No secret to sign with: give --secret, or set ZAVU_WEBHOOK_SECRET.');
  return { url: to, secret: firstSecret(key) };
}

function schemeOf(name: string): SenderScheme {
  const scheme = senderSchemes.find((known) => known === name);
  if (!scheme) throw new Error(`--scheme must be one of ${senderSchemes.join(', ')}.`);
  return scheme;
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) throw new Error(`--${option} must be a number above 0.`);
  return number;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
