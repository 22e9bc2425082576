import dynalite from 'dynalite';
import { type Emulator, listen } from '../emulator.ts';

/** Starts DynamoDB, in memory, on a free port of the loopback interface. */
export function startDynamoDb(): Promise<Emulator> {
  return listen(dynalite({ createTableMs: 0 }));
}
