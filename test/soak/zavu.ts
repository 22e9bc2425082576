import { isUtf8 } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import { guideLadder, zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import type { SenderScheme } from '../../lambda/zavu/sign.ts';
import { signatureHeader } from '../../lambda/zavu/signature.ts';
import { signBytes } from '../../testing/conformance/signature.ts';

const { waitsSeconds } = guideLadder;

/** The longest time between two attempts of one event, at so many times Zavu's speed. */
export function maxWaitMs(speed: number): number {
  return (Math.max(...waitsSeconds) * 1000) / speed + zavuWaitsMs;
}

interface Subscription {
  url: string;
  /** With the scheme, asked anew at each attempt. */
  secret: string;
  scheme: SenderScheme;
  /** How many times faster than Zavu it retries. */
  speed: number;
  /** Told each answer's status; 0 where there was none. */
  onAnswer(status: number): void;
  /**
   * Makes a request when it is its turn: Zavu's time for an answer begins then.
   *
   * @default at once
   */
  inTurn?<Result>(request: () => Promise<Result>): Promise<Result>;
}

/**
 * Delivers an event as Zavu does: signed anew each time, again after anything but a 2xx, then never more.
 *
 * @returns whether it was acknowledged
 */
export async function deliver(body: Buffer, to: Subscription): Promise<boolean> {
  for (const wait of [...waitsSeconds, undefined]) {
    const attempt = () => post(body, to);
    const status = await (to.inTurn?.(attempt) ?? attempt());
    to.onAnswer(status);
    if (status >= 200 && status < 300) return true;
    if (wait !== undefined) await sleep((wait / to.speed) * 1000);
  }
  return false;
}

async function post(body: Buffer, { url, secret, scheme }: Subscription): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        // API Gateway hands JSON on as text, which bytes that are none do not survive.
        'content-type': isUtf8(body) ? 'application/json' : 'application/octet-stream',
        [signatureHeader]: signBytes(body, scheme, secret, Math.floor(Date.now() / 1000)),
      },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(zavuWaitsMs),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
