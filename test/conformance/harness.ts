/**
 * What Zavu's contract asks of any deployment. `ZAVU_WEBHOOK_URL` and `ZAVU_WEBHOOK_SECRET` name a deployed one, which is
 * judged by its answers. Without them a local run is started, and then it is also judged what became of each event.
 *
 * A `*.test.ts` file of this folder is one target: it says with which settings, and which behaviours are asked of it. So a
 * stack is started once for all of them. `-t` chooses one: `npm run conformance -- -t freshness`.
 */

import { type Scheme, schemes } from '../../lambda/zavu/signature.ts';
import type { SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { settingsSchema } from '../../lib/settings/schema.ts';
import type { Behaviour } from '../../testing/conformance/behaviour.ts';
import { readClock, sameClock } from '../../testing/conformance/clock.ts';
import { Judge } from '../../testing/conformance/judge.ts';
import { StartedStack } from '../support/started-stack.ts';
import { timeoutMs } from '../support/test-timing.ts';
import { deployed } from './deployed-target.ts';
import { LocalWitness } from './local-witness.ts';

interface TargetOptions {
  /** Settings of the local run beside the tests' usual ones. */
  settings?: Record<string, string>;
  /**
   * The local run's signing secrets.
   *
   * @default one, which it makes up
   */
  secrets?: readonly SigningSecret[];
  /**
   * The schemes that `settings` lets the local run take.
   *
   * @default all
   */
  accepted?: readonly Scheme[];
  /** What is asked of the target, beside the tests of the file. */
  behaviours?: readonly Behaviour[];
}

/** What is there once the target of a file is found or started. */
export interface Judged {
  judge: Judge;
  /** What can be looked at behind the answers of a stack that runs here. */
  local?: { stack: StartedStack; witness: LocalWitness };
}

// A deployed target is expected to have the defaults.
const { toleranceSeconds: ageSeconds, futureToleranceSeconds: aheadSeconds } = settingsSchema.parse({});
const tolerance = { ageSeconds, aheadSeconds };

/**
 * Finds the target before the tests of a file, or starts it; asks behaviours of it; ends it after them, and judges what no
 * test waits for.
 *
 * @returns what to judge by, for tests: it is there when they run
 */
export function useTarget(options: TargetOptions = {}): Judged {
  const judged = {} as Judged;
  beforeAll(async () => {
    Object.assign(judged, deployed ? await judgeDeployed() : await judgeLocally(options));
  });
  afterEach(() => expect(refusedAndYetQueued(judged)).toEqual([]));
  afterAll(async () => {
    const { stack } = judged.local ?? {};
    try {
      // After that, nothing more can happen to what a test sent.
      await stack?.drained();
      expect(refusedAndYetQueued(judged)).toEqual([]);
    } finally {
      await stack?.stop();
    }
  });
  ask(judged, options);
  return judged;
}

/** Looks behind the answers, which only a local target allows. A deployed one is judged by its answers alone. */
export async function lookBehind(
  { local }: Judged,
  look: (stack: StartedStack) => Promise<void>,
): Promise<void> {
  if (local) await look(local.stack);
}

/** The tests of behaviours. One that the target does not promise is skipped, and the report says why. */
function ask(judged: Judged, { behaviours = [], accepted = schemes, secrets }: TargetOptions): void {
  const facts = {
    accepted: deployed?.accepted ?? accepted,
    secretCount: deployed?.secrets.length ?? (secrets ? freeSecrets(secrets).length : 1),
    isExact: true,
  };
  for (const [group, asked] of Map.groupBy(behaviours, (behaviour) => behaviour.group)) {
    describe(group, () => {
      for (const { name, need, run } of asked) {
        const lack = need(facts);
        if (lack === undefined) test(name, () => run(judged.judge));
        else test.skip(`${name} (skipped: ${lack})`, () => undefined);
      }
    });
  }
}

async function judgeDeployed(): Promise<Judged> {
  if (!deployed) throw new Error('No deployed target.');
  const clock = await readClock(deployed.url);
  return { judge: new Judge({ ...deployed, tolerance, isExact: true, patienceMs: timeoutMs, clock }) };
}

async function judgeLocally({ settings = {}, secrets, accepted = schemes }: TargetOptions): Promise<Judged> {
  const env = secrets && { ZAVU_WEBHOOK_SECRET: JSON.stringify(secrets) };
  const stack = await StartedStack.start({ settings, ...(env && { env }) });
  const witness = new LocalWitness(stack);
  const target = {
    url: stack.ready.url,
    secrets: secrets ? freeSecrets(secrets) : [stack.ready.secret],
    accepted,
    tolerance,
    isExact: true,
    patienceMs: timeoutMs,
    clock: sameClock,
  };
  return { judge: new Judge(target, witness), local: { stack, witness } };
}

const freeSecrets = (secrets: readonly SigningSecret[]) =>
  secrets.filter(({ sender, project }) => !sender && !project).map(({ secret }) => secret);

const refusedAndYetQueued = ({ local }: Judged) => local?.witness.refusedAndYetQueued() ?? [];
