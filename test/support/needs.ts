import { Emulators } from '../emulators/emulators.ts';

/** What some tests need of what they run on. */
export interface Need {
  isMet: boolean;
  /** Why not, as a report says it behind the name. */
  otherwise: string;
}

/** Alarms that judge queues: nobody measures the queues of the second emulators. */
export const measuredQueues: Need = {
  isMet: !Emulators.areSecond,
  otherwise: 'the queues of the second emulators are not measured',
};

/** A `describe` of tests that need something. Without it they are skipped, and the report says why. */
export function describeFor({ isMet, otherwise }: Need, name: string, body: () => void): void {
  if (isMet) describe(name, body);
  else describe.skip(`${name} (skipped: ${otherwise})`, body);
}
