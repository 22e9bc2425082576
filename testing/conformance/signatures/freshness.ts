import { behaviours, takes } from '../behaviour.ts';
import type { Judge, Posting } from '../judge.ts';
import type { RawAnswer } from '../raw-http.ts';
import { inbound } from '../test-events.ts';

interface Judged {
  event: ReturnType<typeof inbound>;
  answer: RawAnswer;
}

/** The target's clock in seconds: as early as it can be. */
function earliest({ target: { clock } }: Judge): number {
  return (Date.now() + clock.aheadMs - clock.uncertainMs) / 1000;
}

/** The target's clock in seconds: as late as it can be. */
function latest({ target: { clock } }: Judge): number {
  return (Date.now() + clock.aheadMs + clock.uncertainMs) / 1000;
}

/**
 * Posts an event whose signature is a second further than an age, on the side from which time moves it away: an answer
 * may take as long as it likes.
 *
 * @param age in seconds; negative is ahead of the clock
 */
async function postOlderThan(judge: Judge, age: number, options: Posting): Promise<Judged> {
  const event = inbound();
  const at = Math.floor(earliest(judge)) - age - 1;
  return { event, answer: await judge.post(event, { ...options, at }) };
}

/**
 * Posts an event whose signature is younger than an age and grows towards it while the request is under way. An answer
 * that came when the age may have been passed proves nothing: then another event is sent, twice as far from it.
 */
async function postYoungerThan(judge: Judge, age: number, options: Posting): Promise<Judged> {
  const { patienceMs } = judge.target;
  const deadline = Date.now() + patienceMs;
  for (let margin = 1; Date.now() < deadline; margin *= 2) {
    const event = inbound();
    const at = Math.floor(latest(judge)) - age + margin;
    const answer = await judge.post(event, { ...options, at });
    if (latest(judge) - at < age) return { event, answer };
  }
  throw new Error(`No answer within ${patienceMs} ms came before the signature was ${age} s old.`);
}

const freshnessOf = (scheme: 'v1' | 'v2') =>
  behaviours(`freshness of a ${scheme} signature`, (behaviour) => {
    const isTaken = takes(scheme);

    behaviour(
      'by its time a second before it is too old: it is taken',
      async (judge) => {
        const { ageSeconds } = judge.target.tolerance;
        const { event, answer } = await postYoungerThan(judge, ageSeconds, { scheme });
        await judge.handled(answer, event);
      },
      isTaken,
    );

    behaviour(
      'by its time a second after it was too old: it is refused',
      async (judge) => {
        const { ageSeconds } = judge.target.tolerance;
        const { event, answer } = await postOlderThan(judge, ageSeconds, { scheme });
        judge.refused(answer, 401, 'stale_signature', event.id);
      },
      isTaken,
    );

    behaviour(
      'by its time a second less ahead than is too far: it is taken',
      async (judge) => {
        const { aheadSeconds } = judge.target.tolerance;
        const { event, answer } = await postOlderThan(judge, -aheadSeconds, { scheme });
        await judge.handled(answer, event);
      },
      isTaken,
    );

    behaviour(
      'by its time a second further ahead than is taken: it is refused',
      async (judge) => {
        const { aheadSeconds } = judge.target.tolerance;
        const { event, answer } = await postYoungerThan(judge, -aheadSeconds, { scheme });
        judge.refused(answer, 401, 'stale_signature', event.id);
      },
      isTaken,
    );

    behaviour('by a wrong secret, and old: it is refused as invalid, and not as stale', async (judge) => {
      const event = inbound();
      const answer = await judge.post(event, { scheme, secret: 'whsec_stranger', at: 1 });
      judge.refused(answer, 401, 'invalid_signature', event.id);
    });
  });

export const freshnessBehaviours = [
  ...freshnessOf('v1'),
  ...freshnessOf('v2'),
  ...behaviours('freshness of a sha256 signature', (behaviour) => {
    behaviour(
      'it has no time, so it is never stale',
      async (judge) => {
        const event = inbound();
        await judge.handled(await judge.post(event, { scheme: 'sha256', at: 1 }), event);
      },
      takes('sha256'),
    );
  }),
];
