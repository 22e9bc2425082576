import { codeOf } from '../../messages/field.ts';
import type { ItemKind } from '../../messages/key.ts';
import { type MessageEventType, statusOf } from '../../messages/status-change.ts';
import { isRecord } from '../../shared/json.ts';
import type { EventType } from '../../zavu/catalogue.ts';
import type { ListName } from '../api/zavu-project.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A state as an object has it. The first of its times that is there counts. */
interface Said {
  type: EventType;
  state: string;
  times: readonly unknown[];
}

/** The statuses of the API's outbound messages, and the event of what was reached then. */
export const outboundTypes: ReadonlyMap<unknown, MessageEventType> = new Map([
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

/** What the objects of each list are about, and the states that they say they have reached. */
export const lists: {
  readonly [Name in ListName]: { kind: ItemKind; statesIn: (object: Fields) => Said[] };
} = {
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
