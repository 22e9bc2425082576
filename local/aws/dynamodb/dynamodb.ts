import dynalite from 'dynalite';
import { type Emulator, listen } from '../emulator.ts';
import type { Guard } from '../guard.ts';

/** Starts DynamoDB, in memory, on a free port of the loopback interface. */
export function startDynamoDb(guard?: Guard): Promise<Emulator> {
  return listen(dynalite({ createTableMs: 0 }), guard);
}
