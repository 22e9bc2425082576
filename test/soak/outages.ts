import { SimulatedZavu } from '../support/reconcile/simulated-project.ts';
import { hoursOfDay, soakOutage } from './outage.ts';
import type { OutageLedger } from './outage-ledger.ts';

/** How many days are simulated, each with a seed of its own. */
const outageDays = 3;

/** The seeds of the days: that of the soak, and those after it. */
export function outageSeeds(seed: number): number[] {
  return Array.from({ length: outageDays }, (_, index) => seed + index);
}

interface OutagesProps {
  /** Of the first day. */
  seed: number;
  /** Of each day. */
  messages: number;
  /** Told how many hours of all days are over. */
  onProgress(hours: number): void;
}

/** Hours of all days. */
export const hoursOfOutages = outageDays * hoursOfDay;

/** Lets days with an outage pass in projects of one Zavu, and reconciles them. */
export async function soakOutages({ seed, messages, onProgress }: OutagesProps): Promise<OutageLedger[]> {
  const zavu = await SimulatedZavu.start();
  try {
    const ledgers: OutageLedger[] = [];
    for (const own of outageSeeds(seed)) {
      const before = ledgers.length * hoursOfDay;
      ledgers.push(
        await soakOutage(zavu, { seed: own, messages, onHour: (hours) => onProgress(before + hours) }),
      );
    }
    return ledgers;
  } finally {
    await zavu.stop();
  }
}
