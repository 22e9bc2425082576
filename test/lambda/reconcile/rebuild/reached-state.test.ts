import type { KnownItem } from '../../../../lambda/messages/known-items.ts';
import { type Subject, subjectOf } from '../../../../lambda/messages/subject.ts';
import type { Listed, ListName } from '../../../../lambda/reconcile/api/zavu-project.ts';
import {
  isMissing,
  isOpen,
  knownAs,
  type ReachedState,
  reachedStates,
} from '../../../../lambda/reconcile/rebuild/reached-state.ts';
import type { Event } from '../../../../lambda/zavu/event.ts';

const now = Date.UTC(2026, 10, 1);
const hour = (count: number) => new Date(Date.UTC(2026, 9, 31, count)).toISOString();

/** The states of an object, as `<type> <state> <hour>`. */
const statesOf = (name: ListName, object: unknown) =>
  reachedStates(name, object as Listed[ListName], now).map(
    ({ type, subject: { state }, at }) => `${type} ${state} ${new Date(at).getUTCHours()}`,
  );

const outbound = { id: 'm', direction: 'outbound', createdAt: hour(1), updatedAt: hour(2) };
const call = { id: 'c', createdAt: hour(1), answeredAt: hour(2), endedAt: hour(3), updatedAt: hour(4) };

test.each<[ListName, object, string[]]>([
  ['messages', { ...outbound, direction: 'inbound', status: 'read' }, ['message.inbound received 1']],
  ['messages', { ...outbound, status: 'sending' }, ['message.sent sent 2']],
  ['messages', { ...outbound, status: 'failed', updatedAt: null }, ['message.failed failed 1']],
  // Sending it again would not be late, so that no earlier time may stand in.
  ['messages', { ...outbound, status: 'read', updatedAt: '2026-11-01T00:00:01Z' }, []],
  ['messages', { ...outbound, status: 'received' }, []],
  ['messages', { ...outbound, status: '__proto__' }, []],
  ['messages', { ...outbound, direction: 'sideways', status: 'read' }, []],
  ['messages', { ...outbound, status: 'read', id: 'two words' }, []],
  ['messages', { ...outbound, status: 'read', updatedAt: 'soon' }, []],
  ['conversations', { id: 'c', createdAt: hour(5) }, ['conversation.new new 5']],
  [
    'calls',
    { ...call, status: 'completed' },
    ['call.initiated initiated 1', 'call.answered answered 2', 'call.completed completed 3'],
  ],
  [
    'calls',
    { ...call, status: 'busy', answeredAt: null, endedAt: null },
    ['call.initiated initiated 1', 'call.failed failed 4'],
  ],
  [
    'calls',
    { ...call, status: 'in_progress', endedAt: null },
    ['call.initiated initiated 1', 'call.answered answered 2'],
  ],
  ['invitations', { id: 'i', status: 'pending', createdAt: hour(1), updatedAt: hour(1) }, []],
  ['invitations', { id: 'i', status: 'expired', updatedAt: hour(1) }, []],
  [
    'invitations',
    { id: 'i', status: 'failed', failedAt: hour(3), updatedAt: hour(4) },
    ['invitation.status_changed failed 3'],
  ],
  [
    'invitations',
    { id: 'i', status: 'cancelled', updatedAt: hour(4) },
    ['invitation.status_changed cancelled 4'],
  ],
  ['templates', { id: 't', status: 'approved', updatedAt: hour(4) }, ['template.status_changed approved 4']],
  ['templates', { id: 't', status: 'approved' }, []],
  [
    'broadcasts',
    { id: 'b', status: 'rejected', reviewResult: { reviewedAt: hour(3) }, updatedAt: hour(4) },
    ['broadcast.status_changed rejected 3'],
  ],
  [
    'broadcasts',
    { id: 'b', status: 'paused', startedAt: hour(3), updatedAt: hour(4) },
    ['broadcast.status_changed paused 4'],
  ],
])('of %s, %j has reached %j', (name, object, expected) => {
  expect(statesOf(name, object)).toEqual(expected);
});

const stateOf = (kind: Subject['kind'], state: string, at = 10): ReachedState => ({
  type: 'message.sent',
  subject: { kind, id: 'x', state },
  at,
});
const item = (updatedAt: number, ...states: string[]): KnownItem => ({
  status: states.at(-1) ?? '',
  states: new Set(states),
  updatedAt,
});

test.each<[Subject['kind'], string, KnownItem | undefined, boolean]>([
  ['message', 'delivered', undefined, true],
  ['message', 'delivered', item(9, 'sent'), true],
  ['message', 'delivered', item(9, 'failed'), true],
  ['message', 'delivered', item(9, 'delivered'), false],
  ['message', 'delivered', item(9, 'read'), false],
  ['message', 'failed', item(9, 'delivered'), false],
  ['message', 'sent', item(9, 'failed'), false],
  ['message', 'received', item(9, 'read'), true],
  ['message', 'received', item(9, 'received'), false],
  ['message', 'received', item(9, 'unsupported'), false],
  ['call', 'initiated', item(9, 'completed'), true],
  ['call', 'completed', item(9, 'initiated', 'completed'), false],
  ['conversation', 'new', undefined, true],
  ['conversation', 'new', item(9, 'new'), false],
  ['invitation', 'failed', item(9, 'in_progress'), true],
  ['invitation', 'failed', item(99, 'failed', 'in_progress'), false],
  ['template', 'approved', undefined, true],
  ['template', 'draft', undefined, false],
  ['template', 'draft', item(9, 'approved'), true],
  ['template', 'approved', item(9, 'approved', 'pending'), true],
  ['template', 'approved', item(9, 'approved'), false],
  ['template', 'pending', item(10, 'approved'), false],
  ['broadcast', 'completed', item(9, 'sending'), true],
  ['broadcast', 'sending', item(11, 'completed'), false],
])('a %s that is %s, and known as %j: missing %s', (kind, state, known, expected) => {
  expect(isMissing(stateOf(kind, state), known)).toBe(expected);
});

test('a new conversation may be known by its first message alone, as the worker records it', () => {
  const state = stateOf('conversation', 'new');
  const event = { id: 'evt_1', type: 'conversation.new', timestamp: 1, data: { firstMessageId: 'm' } };
  expect(knownAs(state, 'm')).toEqual([state.subject, subjectOf(event as Event)]);
  expect(knownAs(state, undefined)).toEqual([state.subject]);
  expect(knownAs(stateOf('message', 'sent'), 'm')).toHaveLength(1);
});

test.each([
  [{ ...outbound, status: 'pending_url_verification' }, 'unsettled'],
  [{ ...outbound, status: 'sending' }, 'unsettled'],
  [{ ...outbound, status: 'delivered', channel: 'whatsapp' }, 'unread'],
  [{ ...outbound, status: 'delivered', channel: 'sms' }, undefined],
  [{ ...outbound, status: 'read', channel: 'whatsapp' }, undefined],
  [{ ...outbound, status: 'failed' }, undefined],
  [{ ...outbound, direction: 'inbound', status: 'delivered', channel: 'whatsapp' }, undefined],
  [null, undefined],
])('%j is open: %s', (message, expected) => {
  expect(isOpen(message as Listed['messages'])).toBe(expected);
});
