import { zavuTolerance } from '../../lambda/zavu/delivery.ts';
import { type Scheme, schemes } from '../../lambda/zavu/signature.ts';
import { eventBehaviours, signatureBehaviours, v2AloneBehaviours } from './all-behaviours.ts';
import { readClock } from './clock.ts';
import { Judge } from './judge.ts';

/** A webhook that is judged by its answers, whoever wrote it. */
export interface ConformanceTarget {
  /** Where it takes events: `https://…/webhooks/zavu`. A function is asked once, when the first behaviour runs. */
  url: string | (() => string | Promise<string>);
  /** Its signing secrets, which prove everybody's events; one at least. */
  secrets: readonly [string, ...string[]];
  /**
   * The signature schemes that it takes.
   *
   * @default all: sha256, v1 and v2
   */
  accepted?: readonly Scheme[];
  /**
   * How old a signed request may be, and how far ahead of its clock, in seconds.
   *
   * @default 300 and 60, as in the verifiers that Zavu publishes
   */
  tolerance?: { ageSeconds: number; aheadSeconds: number };
  /**
   * What is compared. `status`: 2xx takes an event, and 4xx refuses it. `exact`: the status and the JSON are those of
   * this project's receiver.
   *
   * @default 'status'
   */
  answers?: 'status' | 'exact';
  /**
   * For how long a request is sent again while the answer is 5xx, in milliseconds.
   *
   * @default 3000
   */
  patienceMs?: number;
}

/** One thing that Zavu's contract asks of a webhook. */
export interface Conformance {
  /** A sentence: `event id of 36 characters: the event is handled`. */
  name: string;
  /** What it is about: `event id`. */
  group: string;
  /**
   * Sends events to the target.
   *
   * @throws Error that says which answer was expected, and which came
   */
  run(): Promise<void>;
}

/**
 * What Zavu's contract asks of a webhook (docs/contract.md), as a list that any test runner takes. What a target does
 * not promise, such as a scheme that it does not take, is not in the list. The events have ids that begin with
 * `conformance_`; the target must not be one that customers use.
 *
 * @example
 * for (const { name, run } of conformance({ url, secrets: ['whsec_...'] })) test(name, run);
 *
 * @throws Error if `accepted` is empty
 */
export function conformance(target: ConformanceTarget): readonly Conformance[] {
  const { accepted = schemes, answers = 'status', secrets } = target;
  if (accepted.length === 0) throw new Error('A target must accept one signature scheme at least.');
  const facts = { accepted, secretCount: secrets.length, isExact: answers === 'exact' };
  let judging: Promise<Judge> | undefined;
  return [...signatureBehaviours, ...v2AloneBehaviours, ...eventBehaviours]
    .filter(({ need }) => need(facts) === undefined)
    .map(({ group, name, run }) => ({
      group,
      name: `${group} ${name}`,
      async run() {
        judging ??= judgeOf(target);
        await run(await judging);
      },
    }));
}

async function judgeOf(target: ConformanceTarget): Promise<Judge> {
  const { accepted = schemes, answers = 'status', patienceMs = 3000, tolerance = zavuTolerance } = target;
  const url = typeof target.url === 'string' ? target.url : await target.url();
  return new Judge({
    url,
    secrets: target.secrets,
    // Weakest first.
    accepted: schemes.filter((scheme) => accepted.includes(scheme)),
    tolerance,
    isExact: answers === 'exact',
    patienceMs,
    clock: await readClock(url),
  });
}
