import type { Event, EventOf } from '../zavu/event.ts';
import { ownerFields, textOf, timeOf } from './field.ts';

/** The event types that change an item of a call, an invitation, a conversation or a broadcast. */
export const stateEventTypes = [
  'call.initiated',
  'call.answered',
  'call.completed',
  'call.failed',
  'conversation.new',
  'invitation.status_changed',
  'broadcast.status_changed',
] as const;

type StateEventType = (typeof stateEventTypes)[number];
export type StateEvent = { [T in StateEventType]: EventOf<T> }[StateEventType];

const types: ReadonlySet<string> = new Set(stateEventTypes);

export function isStateEvent(event: Event): event is StateEvent {
  return types.has(event.type);
}

/** The states of a call. The weakest is first. The states of other kinds have no order. */
export const callRanks: readonly string[] = ['initiated', 'answered', 'failed', 'completed'];

/** The first event that reported a state. */
interface StateReport {
  /** Milliseconds, and not ahead of the time when it was recorded. */
  at: number;
  eventId: string;
}

/** An item of a call, an invitation, a conversation or a broadcast: what all its events say together. */
export interface StateItem {
  /** A call's highest state. Otherwise the state that the latest event reported. */
  status: string;
  /** The same in all its events. */
  projectId?: string;
  senderId?: string;
  /** For each state, the first event that reported it. */
  reports: Readonly<Record<string, StateReport>>;
  /** Timestamp of the latest event, in milliseconds; of two at the same time, of the one with the greater id. */
  updatedAt: number;
  eventId: string;
}

/** More than any of them has. A signer may invent more, and an item has room for so many alone. */
export const maxStates = 64;

/**
 * Adds an event to an item.
 *
 * The item is a function of the set of its events, as a message's is (message.ts): each state keeps its earliest report,
 * and the latest event is known. Of too many states the earliest stay. That is a function of the set, too: a state that was
 * left out comes back only by a report that is earlier than all of its others.
 *
 * @param state what the event reports (subject.ts)
 * @param now milliseconds
 * @returns the same object if the event changes nothing
 */
export function addToStates(
  before: StateItem | undefined,
  event: StateEvent,
  state: string,
  now: number,
): StateItem {
  const report = { at: timeOf(event.timestamp, now), eventId: textOf(event.id) ?? '' };
  const reports = withReport(before?.reports ?? {}, state, report);
  // A call's status does not follow from its latest event.
  const stateOf = (reported: string) => (isCall(event) ? '' : reported);
  const isLatest =
    !before ||
    isEarlier(
      [before.updatedAt, before.eventId, stateOf(before.status)],
      [report.at, report.eventId, stateOf(state)],
    );
  if (!isLatest && reports === before.reports) return before;
  const { at: updatedAt, eventId } = isLatest ? report : { at: before.updatedAt, eventId: before.eventId };
  const ranked = callRanks.findLast((rank) => Object.hasOwn(reports, rank));
  const latestState = isLatest ? state : before.status;
  return {
    status: isCall(event) ? (ranked ?? state) : latestState,
    ...ownerFields(event),
    reports,
    updatedAt,
    eventId,
  };
}

/** The reports with one more; the same object if that changes nothing. */
function withReport(reports: StateItem['reports'], state: string, report: StateReport): StateItem['reports'] {
  const known = Object.hasOwn(reports, state) ? reports[state] : undefined;
  if (known && !isEarlier([report.at, report.eventId, state], [known.at, known.eventId, state]))
    return reports;
  const all = Object.entries({ ...reports, [state]: report });
  if (all.length <= maxStates) return Object.fromEntries(all);
  const earliest = all.toSorted(([one, a], [other, b]) =>
    isEarlier([a.at, a.eventId, one], [b.at, b.eventId, other]) ? -1 : 1,
  );
  const kept = earliest.slice(0, maxStates);
  return kept.some(([each]) => each === state) ? Object.fromEntries(kept) : reports;
}

/** What decides which of two events comes first: the time, then the event's id, then the state. */
type Moment = readonly [at: number, eventId: string, state: string];

function isEarlier(one: Moment, other: Moment): boolean {
  const differing = one.findIndex((part, index) => part !== other[index]);
  const [a, b] = [one[differing], other[differing]];
  return a !== undefined && b !== undefined && a < b;
}

function isCall({ type }: StateEvent): boolean {
  return type.startsWith('call.');
}
