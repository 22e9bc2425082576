import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultyStack } from '../support/faulty-stack.ts';
import type { Motion } from './motion.ts';
import type { FaultyService, PlannedFault, PlannedKill, SoakPlan } from './plan.ts';
import { lastReports } from './stuck.ts';

/**
 * Lets the faults happen and the sandboxes die. A fault of a service begins at its time, when the one before it is
 * over, and lasts until it was met. A kill waits until there is a sandbox to kill.
 *
 * @param waiting ids of the events whose handlers wait to be killed
 * @param refusals how many requests of Zavu's were answered 503 so far
 * @returns how many sandboxes died
 * @throws Error naming the fault that nothing met, or the function that was never there
 */
export async function strike(
  { faults, kills }: SoakPlan,
  waiting: readonly string[],
  { stack, services }: FaultyStack,
  motion: Motion,
  refusals: () => number,
): Promise<number> {
  const startedAt = Date.now();
  const at = (atMs: number) => sleep(Math.max(0, startedAt + atMs - Date.now()));

  async function fail({ atMs, forMs, service, condition, until }: PlannedFault): Promise<void> {
    await at(atMs);
    const proxy = services[service];
    const before = refusals();
    const isMet = () => (until === '503' ? refusals() > before : proxy.met > 0);
    const isReceivers = service === 'secretsManager';
    proxy.become(condition);
    if (isReceivers) await stack.kill('ReceiverFunction');
    await sleep(forMs);
    await motion.until(
      isMet,
      () => `The ${service} fault "${condition}" of second ${atMs / 1000} waits: ${until}.`,
      // Only a receiver that starts reads the secret: one that nobody knew of yet must not outlive the kill.
      isReceivers ? () => stack.kill('ReceiverFunction') : undefined,
    );
    proxy.become('up');
  }

  async function failInTurn(service: FaultyService): Promise<void> {
    const own = faults.filter((fault) => fault.service === service);
    for (const fault of own.sort((one, other) => one.atMs - other.atMs)) await fail(fault);
  }

  async function kill({ atMs, functionPrefix, which }: PlannedKill): Promise<void> {
    await at(atMs);
    const one = (pids: number[]) => pids.slice(Math.floor(which * pids.length)).slice(0, 1);
    await motion.until(
      async () => (await stack.kill(`${functionPrefix}Function`, one)) > 0,
      () => `The kill of second ${atMs / 1000} waits for a sandbox of ${functionPrefix}.`,
    );
  }

  async function killHandler(id: string): Promise<void> {
    await motion.until(
      () => stack.killHandlerOf(id),
      () => `The handler of ${id} waits to be killed; its last reports: ${lastReports(stack.of(id))}.`,
    );
  }

  const names = [...new Set(faults.map(({ service }) => service))];
  await Promise.all([...names.map(failInTurn), ...kills.map(kill), ...waiting.map(killHandler)]);
  return kills.length + waiting.length;
}
