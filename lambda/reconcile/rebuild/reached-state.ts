import { codeOf } from '../../messages/field.ts';
import { type ItemKind, itemKey } from '../../messages/key.ts';
import type { KnownItem } from '../../messages/known-items.ts';
import { type MessageEventType, ranks, statusOf } from '../../messages/status-change.ts';
import type { Subject } from '../../messages/subject.ts';
import { isRecord } from '../../shared/json.ts';
import type { EventType } from '../../zavu/catalogue.ts';
import { timeOf } from '../../zavu/envelope.ts';
import type { Listed, ListName } from '../api/zavu-project.ts';

/** Something that happened, as an object of Zavu's API tells it, and of which Zavu sends an event. */
export interface ReachedState {
  type: EventType;
  subject: Subject;
  /** When it happened, in milliseconds. */
  at: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** A state as an object has it. The first of its times that is there counts. */
interface Said {
  type: EventType;
  state: string;
  times: readonly unknown[];
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

/** The statuses of the API's outbound messages, and the event of what was reached then. */
const outboundTypes: ReadonlyMap<unknown, MessageEventType> = new Map([
  ['queued', 'message.queued'],
  ['pending_url_verification', 'message.queued'],
  ['sending', 'message.sent'],
  ['sent', 'message.sent'],
  ['delivered', 'message.delivered'],
  ['read', 'message.read'],
  ['failed', 'message.failed'],
]);

/** Statuses of a call that was not held. */
const failedCalls: ReadonlySet<unknown> = new Set(['failed', 'busy', 'no_answer', 'canceled']);

const lists: { readonly [Name in ListName]: { kind: ItemKind; statesIn: (object: Fields) => Said[] } } = {
  messages: {
    kind: 'message',
    statesIn({ direction, status, createdAt, updatedAt }) {
      // Never by its status: an inbound message is stored as `delivered`.
      if (direction === 'inbound') return [said('message.inbound', 'received', [createdAt])];
      const type = direction === 'outbound' ? outboundTypes.get(status) : undefined;
      return type ? [said(type, statusOf[type], [updatedAt, createdAt])] : [];
    },
  },
  conversations: {
    kind: 'conversation',
    statesIn: ({ createdAt }) => [said('conversation.new', 'new', [createdAt])],
  },
  calls: {
    kind: 'call',
    statesIn({ status, createdAt, answeredAt, endedAt, updatedAt }) {
      const ended = [endedAt, updatedAt];
      return [
        said('call.initiated', 'initiated', [createdAt]),
        said('call.answered', 'answered', [answeredAt]),
        ...(status === 'completed' ? [said('call.completed', 'completed', ended)] : []),
        ...(failedCalls.has(status) ? [said('call.failed', 'failed', ended)] : []),
      ];
    },
  },
  invitations: {
    kind: 'invitation',
    statesIn({ status, startedAt, completedAt, failedAt, updatedAt }) {
      const times = new Map<unknown, unknown>([
        ['in_progress', startedAt],
        ['completed', completedAt],
        ['failed', failedAt],
        ['cancelled', undefined],
      ]);
      // One that is pending has not changed yet, and of one that expired Zavu sends no event.
      if (typeof status !== 'string' || !times.has(status)) return [];
      return [said('invitation.status_changed', status, [times.get(status), updatedAt])];
    },
  },
  templates: {
    kind: 'template',
    statesIn({ status, whatsapp, updatedAt }) {
      const ofWhatsapp = codeOf(isRecord(whatsapp) ? whatsapp.status : undefined)?.toLowerCase();
      const state = codeOf(status) ?? ofWhatsapp;
      return state ? [said('template.status_changed', state, [updatedAt])] : [];
    },
  },
  broadcasts: {
    kind: 'broadcast',
    statesIn({ status, startedAt, completedAt, reviewResult, updatedAt }) {
      const reviewedAt = isRecord(reviewResult) ? reviewResult.reviewedAt : undefined;
      const times = new Map<unknown, unknown>([
        ['approved', reviewedAt],
        ['rejected', reviewedAt],
        ['sending', startedAt],
        ['completed', completedAt],
      ]);
      const state = codeOf(status);
      return state ? [said('broadcast.status_changed', state, [times.get(state), updatedAt])] : [];
    },
  },
};

function said(type: EventType, state: string, times: readonly unknown[]): Said {
  return { type, state, times };
}
