import { isRecord } from '../../shared/json.ts';
import { type Envelope, isId } from '../../zavu/envelope.ts';
import type { Listed, ListName } from '../api/zavu-project.ts';
import { reconciledId } from '../reconciled-id.ts';
import { type Around, dataOf } from './data.ts';
import type { ReachedState } from './reached-state.ts';

/** What an event needs beside the object that it is rebuilt of. */
export interface RebuildContext extends Around {
  /** The project of the API key. */
  projectId: string;
}

/** The lists whose objects name the sender of their events. */
const namesSender: ReadonlySet<ListName> = new Set(['messages', 'conversations', 'broadcasts']);

/**
 * Rebuilds the event of a state, as Zavu's webhook has it, but for what is gone for good: see docs/handlers.md. What the API
 * has no word for is absent.
 *
 * @param object as it came from the API; what differs from its type is passed on, and is drift then
 * @param state one of the states that the object has reached
 * @returns an event that its reader takes as it is. Never throws
 */
export function rebuildEvent<Name extends ListName>(
  name: Name,
  object: Listed[Name],
  state: ReachedState,
  { projectId, ...around }: RebuildContext,
): Envelope {
  const fields: unknown = object;
  const known = isRecord(fields) ? fields : {};
  const senderId = namesSender.has(name) ? known.senderId : undefined;
  return {
    id: reconciledId(state.subject),
    type: state.type,
    timestamp: state.at,
    ...(isId(senderId) ? { senderId } : {}),
    ...(isId(projectId) ? { projectId } : {}),
    data: dataOf(name, known, state, around),
  };
}
