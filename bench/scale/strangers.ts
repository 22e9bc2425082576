import { createHmac } from 'node:crypto';
import { maxHashedBytes, maxHashedBytesOfRefresh } from '../../lambda/receiver/signer-search.ts';
import { signatureHeader } from '../../lambda/zavu/signature.ts';
import type { Functions } from '../functions.ts';
import type { Loopback } from '../loopback.ts';
import { spreadOf } from '../statistics.ts';
import { WarmFunction } from '../warm.ts';
import { inboundBody, secret, webhookOf } from '../webhook.ts';
import { type Dimension, pointsOf } from './dimension.ts';
import type { Point } from './growth.ts';

const rounds = 5;
const requestsOfBlock = 5;

/** What a request may cost besides its hashes, as a share of them. */
const besides = 0.25;

const forged = '0'.repeat(64);
const hundred = Array.from(
  { length: 100 },
  (_, index) => `v2=${index.toString(16).padStart(64, '0')}`,
).join();
const now = () => Math.floor(Date.now() / 1000);
const large = JSON.stringify({ text: 'x'.repeat(1_048_576) });

/** What somebody may send who has no secret. */
const requests = {
  'no signature': () => request(undefined, inboundBody()),
  'an unknown scheme': () => request(`t=${now()},v9=${forged}`, inboundBody()),
  'a wrong signature': () => request(`t=${now()},v2=${forged}`, inboundBody()),
  'a hundred wrong signatures': () => request(`t=${now()},${hundred}`, inboundBody()),
  'a wrong signature of 1 MiB': () => request(`t=${now()},v2=${forged}`, large),
};

/**
 * How the work for a stranger's request grows with the number of signing secrets. It must stay near the time that
 * hashing takes of as many bytes as the receiver may hash for one request.
 *
 * @param sizes how many secrets. Secrets Manager holds 3,449 of the shortest ones; more are measured all the same
 */
export async function measureStrangers(
  { receiver }: Pick<Functions, 'receiver'>,
  loopback: Loopback,
  sizes: readonly number[],
): Promise<Dimension[]> {
  const most = hashingMs(maxHashedBytes + maxHashedBytesOfRefresh) * (1 + besides);
  const points = new Map<string, Point[]>(Object.keys(requests).map((name) => [name, []]));
  for (const size of sizes) {
    const others = Array.from({ length: size - 1 }, (_, index) => `whsec_${String(index).padStart(10, '0')}`);
    await loopback.hold(JSON.stringify([...others, secret]));
    const warm = await WarmFunction.start(receiver);
    for (const [name, create] of Object.entries(requests)) {
      const cost = async () => {
        const events = Array.from({ length: requestsOfBlock }, create);
        const { cpuMs } = await warm.invoke(events, isRefused);
        return cpuMs / requestsOfBlock;
      };
      await cost();
      points.get(name)?.push(...(await pointsOf([size], rounds, cost)));
    }
    await warm.stop();
  }
  await loopback.hold(secret);
  return [...points].map(([name, ofName]) => ({
    name: `receiver, ${name}`,
    sizeUnit: 'secrets',
    cost: 'CPU, ms',
    points: ofName,
    expected: { growth: 'bounded', most },
  }));
}

function request(signature: string | undefined, body: string) {
  const { headers, ...rest } = webhookOf(body);
  return { ...rest, headers: { ...headers, [signatureHeader]: signature } };
}

function isRefused(result: unknown): boolean {
  return Object(result).statusCode === 401;
}

/** Milliseconds of processor time that hashing so many bytes takes here, in pieces of 1 MiB. */
function hashingMs(bytes: number): number {
  const piece = Buffer.alloc(1_048_576);
  const taken = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    const hash = createHmac('sha256', secret);
    for (let left = bytes; left > 0; left -= piece.length) hash.update(piece);
    hash.digest();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return spreadOf(taken).median;
}
