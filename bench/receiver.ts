import { createHmac } from 'node:crypto';
import { createVerifier } from '../lambda/receiver/verifier.ts';
import { zavuTolerance } from '../lambda/zavu/delivery.ts';
import { schemes, signatureHeader } from '../lambda/zavu/signature.ts';
import { type ColdResult, coldResultOf, cpuRatioOf, startCold } from './cold.ts';
import type { Subject } from './functions.ts';
import { measureInRounds } from './rounds.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';
import { WarmFunction } from './warm.ts';
import { inboundBody, isTaken, secret, webhookOf } from './webhook.ts';

/** Of the receiver, and of what it is measured against. */
export type OfReceivers<Result> = { floor: Result; receiver: Result; plain: Result };

/** How often what is measured. */
export interface Effort {
  rounds: number;
  warmUp: number;
  /** Requests in a block. */
  block: number;
}

export interface ColdReceiverResult extends ColdResult {
  cpuOfPlain: Spread;
}

/** A new process, until its first 200. */
export async function measureCold(
  functions: OfReceivers<Subject>,
  effort: Pick<Effort, 'rounds' | 'warmUp'>,
  workspace: string,
): Promise<OfReceivers<ColdReceiverResult>> {
  const start = (subject: Subject) => () => startCold(subject, webhookOf(inboundBody()), workspace, isTaken);
  const taken = await measureInRounds(forEachOf(functions, start), effort.rounds, effort.warmUp);
  return forEachOf(taken, (starts) => ({
    ...coldResultOf(starts, taken.floor),
    cpuOfPlain: cpuRatioOf(starts, taken.plain),
  }));
}

export interface WarmResult {
  /** Milliseconds of processor time for a request, and by the clock. */
  cpuMs: Spread;
  wallMs: Spread;
  cpuOfFloor: Spread;
}

/** One request after the other in a process that is warm. */
export async function measureWarm(
  functions: OfReceivers<Subject>,
  effort: Effort,
): Promise<OfReceivers<WarmResult>> {
  const running: WarmFunction[] = [];
  const started = async (subject: Subject) => {
    const warm = await WarmFunction.start(subject);
    running.push(warm);
    return warm;
  };
  const { floor, receiver, plain } = functions;
  const subjects = {
    floor: await started(floor),
    receiver: await started(receiver),
    plain: await started(plain),
  };
  const block = (warm: WarmFunction) => async () => {
    const events = Array.from({ length: effort.block }, () => webhookOf(inboundBody()));
    const { cpuMs, wallMs } = await warm.invoke(events, isTaken);
    return { cpuMs: cpuMs / effort.block, wallMs: wallMs / effort.block };
  };
  const taken = await measureInRounds(forEachOf(subjects, block), effort.rounds, effort.warmUp);
  for (const each of running) await each.stop();
  return forEachOf(taken, (blocks) => {
    const cpu = blocks.map(({ cpuMs }) => cpuMs);
    return {
      cpuMs: spreadOf(cpu),
      wallMs: spreadOf(blocks.map(({ wallMs }) => wallMs)),
      cpuOfFloor: ratioOf(
        cpu,
        taken.floor.map(({ cpuMs }) => cpuMs),
      ),
    };
  });
}

export interface VerificationResult {
  bodyBytes: number;
  /** Nanoseconds of a verification, and of nothing but `createHmac` over the same bytes. */
  verifyNs: Spread;
  hmacNs: Spread;
  ofHmac: Spread;
}

/** Verification alone, by the size of the body. */
export async function measureVerification(effort: Effort): Promise<VerificationResult[]> {
  const policy = {
    accepted: schemes,
    toleranceSeconds: zavuTolerance.ageSeconds,
    futureToleranceSeconds: zavuTolerance.aheadSeconds,
  } as const;
  const list = [{ secret }];
  const secrets = { current: async () => list, refreshed: async () => undefined };
  const verify = createVerifier({ secrets, policy, now: Date.now });
  const results: VerificationResult[] = [];
  for (const bodyBytes of [1024, 16_384, 262_144]) {
    const body = JSON.stringify({ text: 'x'.repeat(bodyBytes - 11) });
    const bytes = Buffer.from(body);
    const header = webhookOf(body).headers?.[signatureHeader];
    const times = Math.ceil((effort.block * 10) / Math.sqrt(bodyBytes / 1024));
    const timed = (run: () => unknown) => async () => {
      const startedAt = process.cpuUsage();
      for (let time = 0; time < times; time++) await run();
      const { user, system } = process.cpuUsage(startedAt);
      return ((user + system) * 1000) / times;
    };
    const taken = await measureInRounds(
      {
        hmac: timed(() => createHmac('sha256', secret).update(bytes).digest()),
        verify: timed(async () => {
          if (!(await verify(header, bytes, 0)).ok) throw new Error('Not verified.');
        }),
      },
      effort.rounds,
      effort.warmUp,
    );
    results.push({
      bodyBytes,
      verifyNs: spreadOf(taken.verify),
      hmacNs: spreadOf(taken.hmac),
      ofHmac: ratioOf(taken.verify, taken.hmac),
    });
  }
  return results;
}

function forEachOf<Value, Made>(of: OfReceivers<Value>, make: (value: Value) => Made): OfReceivers<Made> {
  return {
    floor: make(of.floor),
    receiver: make(of.receiver),
    plain: make(of.plain),
  };
}
