import { setTimeout as sleep } from 'node:timers/promises';
import { sign } from '../lambda/zavu/sign.ts';
import { signatureHeader } from '../lambda/zavu/signature.ts';
import { inboundBody } from './webhook.ts';

export interface LoadTarget {
  url: string;
  secret: string;
}

/** What became of one event at the entrance. Times are milliseconds of `performance.now()`. */
export interface Delivery {
  id: string;
  sentAt: number;
  answeredAt: number;
}

/**
 * Sends so many events at once, each as soon as another is answered.
 *
 * @param goesOn asked before each event, with how many were sent
 */
export async function deliverAtOnce(
  target: LoadTarget,
  atOnce: number,
  goesOn: (sent: number) => boolean,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  let sent = 0;
  const sender = async () => {
    while (goesOn(sent++)) deliveries.push(await deliver(target));
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return deliveries;
}

/** Sends events at a rate, whatever is answered. */
export async function deliverAtRate(
  target: LoadTarget,
  perSecond: number,
  events: number,
): Promise<Delivery[]> {
  const startedAt = performance.now();
  const due = Array.from({ length: events }, (_, index) => startedAt + (index * 1000) / perSecond);
  return Promise.all(
    due.map(async (at) => {
      await sleep(Math.max(0, at - performance.now()));
      return deliver(target);
    }),
  );
}

/** Sends an event until it is answered 200: again when it is not, as Zavu does, but sooner. */
async function deliver({ url, secret }: LoadTarget): Promise<Delivery> {
  const body = inboundBody();
  const { id }: { id: string } = JSON.parse(body);
  const sentAt = performance.now();
  for (;;) {
    const headers = {
      'content-type': 'application/json',
      [signatureHeader]: sign(body, secret, 'v2', Math.floor(Date.now() / 1000)),
    };
    const status = await fetch(url, { method: 'POST', headers, body }).then(
      async (response) => {
        await response.text();
        return response.status;
      },
      () => 0,
    );
    if (status === 200) return { id, sentAt, answeredAt: performance.now() };
    await sleep(100);
  }
}
