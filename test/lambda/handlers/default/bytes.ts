import { readAssumptions } from '../../../../cli/cost/assumptions.ts';
import { defaults } from '../../../../lambda/handlers/defaults.ts';
import type { Handler } from '../../../../lambda/handlers/handler.ts';
import type { EventType } from '../../../../lambda/zavu/catalogue.ts';
import { bytesOf } from '../../../support/log-bytes.ts';
import { linesOf } from './lines-of.ts';

/** What the default handlers log about an event, on average: by the shares that the cost model assumes of the types. */
export async function bytesOfDefaultHandlers(): Promise<number> {
  const shares = Object.entries(readAssumptions().assumptions.shares);
  const bytes = await Promise.all(
    shares.map(async ([type, share]) => {
      const { worker, load } = defaults[type as EventType];
      const { handler } = (await load()) as { handler: Handler<EventType> };
      const lines = await linesOf(type as EventType, handler);
      // What the worker's logger adds to each line.
      const bound = { worker, attempt: 1, id: 'evt_1736850000000_abc123', type };
      return lines.map((line) => share * bytesOf(JSON.stringify({ ...line, ...bound })));
    }),
  );
  return bytes.flat().reduce((sum, each) => sum + each, 0);
}
