import { itemKey } from '../../messages/key.ts';
import type { KnownItem } from '../../messages/known-items.ts';
import { ranks } from '../../messages/status-change.ts';
import type { Subject } from '../../messages/subject.ts';
import { isRecord } from '../../shared/json.ts';
import type { EventType } from '../../zavu/catalogue.ts';
import { timeOf } from '../../zavu/envelope.ts';
import type { Listed, ListName } from '../api/zavu-project.ts';
import { lists, outboundTypes } from './lists.ts';

/** Something that happened, as an object of Zavu's API tells it, and of which Zavu sends an event. */
export interface ReachedState {
  type: EventType;
  subject: Subject;
  /** When it happened, in milliseconds. */
  at: number;
}

/**
 * What an object of Zavu's API says that happened. Only what it says: of a message that is `read` nothing tells when it was
 * sent.
 *
 * @param object as it came from the API; its type promises more than is checked
 * @param now milliseconds
 * @returns none for an object without an id, a state or a time that can be right. Never throws
 */
export function reachedStates<Name extends ListName>(
  name: Name,
  object: Listed[Name],
  now: number = Date.now(),
): readonly ReachedState[] {
  const fields: unknown = object;
  if (!isRecord(fields)) return [];
  const { kind, statesIn } = lists[name];
  const { id } = fields;
  if ('problem' in itemKey(kind, id, {})) return [];
  return statesIn(fields).flatMap(({ type, state, times }) => {
    const at = timeOf(
      times.find((time) => time !== undefined && time !== null),
      now,
    );
    // One ahead of our clock has not happened yet. An earlier time in its place would say that it is over long since.
    if (at === undefined || at > now) return [];
    return [{ type, subject: { kind, id: String(id), state }, at }];
  });
}

/**
 * The subjects under which the messages table may know a state: its own and, for a new conversation, its first message,
 * because a webhook may name that one alone. A state is missing if it is missing under each of them.
 *
 * @param firstMessageId of a conversation, as the API has it
 */
export function knownAs({ subject }: ReachedState, firstMessageId?: unknown): readonly Subject[] {
  const { kind, state } = subject;
  if (kind !== 'conversation' || 'problem' in itemKey(kind, firstMessageId, {})) return [subject];
  return [subject, { kind, id: String(firstMessageId), state }];
}

/**
 * Whether the stack has no event of a state, so that it must be rebuilt.
 *
 * @param known what the messages table has of the same thing; undefined if it has nothing
 */
export function isMissing({ subject, at }: ReachedState, known: KnownItem | undefined): boolean {
  const { kind, state } = subject;
  // A draft that was made has not changed its status yet.
  if (!known) return state !== 'draft';
  switch (kind) {
    case 'message': {
      // What Zavu takes for unsupported came as an event of its own type.
      const enough = rankOf(state === 'received' ? 'unsupported' : state);
      return ![...known.states].some((each) => each === state || rankOf(each) >= enough);
    }
    case 'template':
    case 'broadcast':
      return state !== known.status && at > known.updatedAt;
    default:
      return !known.states.has(state);
  }
}

/**
 * Why a message may still change: `unsettled` if nobody knows yet whether it arrives, `unread` if it arrived where people's
 * reading is reported.
 *
 * @returns undefined if it is final
 */
export function isOpen(message: Listed['messages']): 'unsettled' | 'unread' | undefined {
  const fields: unknown = message;
  if (!isRecord(fields) || fields.direction !== 'outbound') return undefined;
  const type = outboundTypes.get(fields.status);
  if (type === 'message.queued' || type === 'message.sent') return 'unsettled';
  return type === 'message.delivered' && fields.channel === 'whatsapp' ? 'unread' : undefined;
}

function rankOf(status: string): number {
  return order.indexOf(status);
}

/** The weakest is first. */
const order: readonly string[] = ranks;
