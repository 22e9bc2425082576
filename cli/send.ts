import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isRecord, parseJson } from '../lambda/shared/json.ts';
import { guideLadder } from '../lambda/zavu/delivery.ts';
import { sample, sampleTypes } from '../lambda/zavu/samples.ts';
import { type SenderScheme, secretToSignWith, senderSchemes } from '../lambda/zavu/sign.ts';
import { readState, readStates } from '../local/state.ts';
import { deliver } from './send/post.ts';
import { type Command, UsageError } from './shared/command.ts';
import { errorText } from './shared/error-text.ts';
import { parseWholeNumber } from './shared/whole-number.ts';

const usage = `npx zavu-webhooks send <event type or JSON file> [options]

  --url <url>        where to post; the local run by default
  --port <n>         the port of the local run, if several were started in this folder
  --scheme <scheme>  ${senderSchemes.join(', ')} (v2 by default)
  --times <n>        send it n times
  --fresh            give it a new id and the present time, the same ones for all times
  --tamper           change the body after signing it
  --stale            sign it an hour ago
  --retry            on any answer but 2xx try again after the waits of ${guideLadder.page.name}: ${guideLadder.waitsSeconds.map((wait) => wait / 60).join(', ')} min
  --speed <n>        that schedule n times as fast

Samples: ${sampleTypes.join(', ')}

It signs with $ZAVU_WEBHOOK_SECRET, or with the local run's secret.
It fails if an event is not answered with 2xx.`;

const { waitsSeconds: retryWaitsSeconds } = guideLadder;
const maxTimes = 1_000_000;

async function run(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      port: { type: 'string' },
      scheme: { type: 'string', default: 'v2' },
      times: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      fresh: { type: 'boolean', default: false },
      tamper: { type: 'boolean', default: false },
      stale: { type: 'boolean', default: false },
      retry: { type: 'boolean', default: false },
    },
  });
  const [source, surplus] = positionals;
  if (source === undefined) throw new UsageError('Which event? Give an event type or a JSON file.');
  if (surplus !== undefined) throw new UsageError(`Give one event. "${surplus}" is a second one.`);
  const body = values.fresh ? renew(readBody(source)) : readBody(source);
  const scheme = parseScheme(values.scheme);
  const times = parseWholeNumber('times', values.times, maxTimes);
  const speed = parseSpeed(values.speed);
  const options = {
    ...findTarget(values.url, values.port),
    scheme,
    tamper: values.tamper,
    stale: values.stale,
  };
  const waitsMs = values.retry ? retryWaitsSeconds.map((seconds) => (seconds * 1000) / speed) : [];
  let areAllTaken = true;
  for (let time = 0; time < times; time++) {
    areAllTaken = (await deliver(body, options, waitsMs)) && areAllTaken;
  }
  return areAllTaken;
}

function readBody(source: string): string {
  if (existsSync(source)) return readFileSync(source, 'utf8');
  try {
    return sample(source);
  } catch (error) {
    throw new UsageError(errorText(error), { cause: error });
  }
}

/** Gives an event a new id and the present time. */
function renew(body: string): string {
  const now = Date.now();
  const event = parseJson(body);
  if (!isRecord(event)) throw new UsageError('--fresh needs a JSON object, and the file holds none.');
  return JSON.stringify({ ...event, id: `evt_${now}_${randomBytes(4).toString('hex')}`, timestamp: now });
}

/** Finds where to post and with which secret: as the environment says, or as the local run has written down. */
function findTarget(givenUrl: string | undefined, port: string | undefined): { url: string; secret: string } {
  const local =
    givenUrl === undefined ? readState(port) : readStates().find((state) => state.url === givenUrl);
  const url = givenUrl ?? local?.url;
  if (!url)
    throw new Error(
      'No local run: start one with `npx zavu-webhooks start`, or name another URL with --url.',
    );
  const secret = process.env.ZAVU_WEBHOOK_SECRET ?? local?.secret;
  if (!secret) throw new UsageError('No secret to sign with: set ZAVU_WEBHOOK_SECRET.');
  return { url, secret: secretToSignWith(secret) };
}

function parseScheme(name: string): SenderScheme {
  const scheme = senderSchemes.find((known) => known === name);
  if (!scheme) throw new UsageError(`--scheme must be one of ${senderSchemes.join(', ')}.`);
  return scheme;
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed > 0)) throw new UsageError('--speed must be a number above 0.');
  return speed;
}

/** `npx zavu-webhooks send`. */
export const command: Command = { name: 'send', usage, run };
