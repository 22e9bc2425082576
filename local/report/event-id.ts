import { parseJson } from '../../lambda/shared/json.ts';
import type { BusEntry } from '../aws/event-bridge/event-bus.ts';

/** The id of the event in an entry of the event bus. Nothing else of the event is reported. */
export function eventIdOf({ Detail = '' }: BusEntry): string {
  return String(Object(parseJson(Detail)).id ?? '');
}
