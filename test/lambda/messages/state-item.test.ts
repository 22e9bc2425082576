import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { recordedTypes } from '../../../lambda/messages/recorded-types.ts';
import {
  addToStates,
  maxStates,
  type StateEvent,
  type StateItem,
  stateEventTypes,
} from '../../../lambda/messages/state-item.ts';
import { namedSubjectOf, subjectOf } from '../../../lambda/messages/subject.ts';
import type { EventType } from '../../../lambda/zavu/catalogue.ts';
import { sample, sampleTypes } from '../../../lambda/zavu/samples.ts';
import { itemSize } from '../../support/item-size.ts';

/** Later than all that is not said to be ahead. Each event is recorded a little after the one before it. */
const now = 1_000;

function event(type: StateEvent['type'], timestamp: number, state = '', id = `evt_${timestamp}`): StateEvent {
  const data = {
    callId: 'c',
    conversationId: 'n',
    invitationId: 'i',
    currentStatus: state,
    broadcastId: 'b',
  };
  return { id, type, timestamp, data: { ...data, status: state } } as unknown as StateEvent;
}

/** What the table does with an event, without the table. */
function add(before: StateItem | undefined, each: StateEvent, at: number): StateItem | undefined {
  const state = namedSubjectOf(each)?.state;
  return state === undefined ? before : addToStates(before, each, state, at);
}

const ofAll = (events: readonly StateEvent[]) =>
  events.reduce<StateItem | undefined>((item, each, index) => add(item, each, now + index), undefined);

const calls = ['call.initiated', 'call.answered', 'call.completed', 'call.failed'] as const;
// More states than an item has room for, names that objects have, and what is no word.
const states = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('pending', 'sending', 'completed', 'constructor', 'toString') },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: maxStates + 10 }).map((number) => `state_${number}`) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'Where is my parcel?', '+56912345678', '') },
);
const said = (types: readonly StateEvent['type'][], max: number) =>
  fc.array(
    fc
      .record({
        type: fc.constantFrom(...types),
        // Few, so that several events say something at the same time.
        timestamp: fc.integer({ min: 1, max: 4 }),
        state: states,
        id: fc.constantFrom('evt_1', 'evt_2', 'evt_3'),
      })
      .map(({ type, timestamp, state, id }) => event(type, timestamp, state, id)),
    { minLength: 1, maxLength: max },
  );

test.each([
  ['a call', calls, 12],
  ['a conversation', ['conversation.new'] as const, 12],
  ['an invitation', ['invitation.status_changed'] as const, 12],
  ['a broadcast with more states than there is room for', ['broadcast.status_changed'] as const, 200],
])('%s: any order and any repetition of its events end in the same item', (_what, types, max) => {
  const shuffled = said(types, max).chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(fc.constantFrom(...all), { maxLength: 12 }),
      fc.nat(),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, order, repeated, at]) => {
      const item = ofAll(all);
      const mixed = order.toSpliced(at % (order.length + 1), 0, ...repeated);
      expect(ofAll([...mixed, ...repeated])).toEqual(item);
      for (const each of all) expect(add(item, each, now)).toBe(item);
      expect(Object.keys(item?.reports ?? {}).length).toBeLessThanOrEqual(maxStates);
    }),
    { numRuns: 200 },
  );
});

test('too many states: the earliest stay, and the status is the latest all the same', () => {
  const all = Array.from({ length: maxStates + 5 }, (_, index) =>
    event('broadcast.status_changed', index + 1, `state_${index + 1}`),
  );
  const item = ofAll(all.toReversed());
  expect(item).toMatchObject({ status: `state_${maxStates + 5}`, updatedAt: maxStates + 5 });
  const kept = Object.keys(item?.reports ?? {});
  expect(kept.toSorted()).toEqual(
    all
      .slice(0, maxStates)
      .map((_, index) => `state_${index + 1}`)
      .toSorted(),
  );
});

test('a call has its highest state, whatever came last', () => {
  const all = [event('call.initiated', 9), event('call.answered', 2), event('call.completed', 5)];
  for (const order of [all, all.toReversed()]) {
    expect(ofAll(order)).toEqual({
      status: 'completed',
      reports: {
        initiated: { at: 9, eventId: 'evt_9' },
        answered: { at: 2, eventId: 'evt_2' },
        completed: { at: 5, eventId: 'evt_5' },
      },
      updatedAt: 9,
      eventId: 'evt_9',
    });
  }
  expect(ofAll([event('call.failed', 2), event('call.answered', 3)])).toMatchObject({ status: 'failed' });
});

test('an invitation has the state of its latest event, and each state keeps its first report', () => {
  const all = [
    event('invitation.status_changed', 3, 'in_progress'),
    event('invitation.status_changed', 2, 'failed'),
    event('invitation.status_changed', 1, 'in_progress'),
  ];
  expect(ofAll(all)).toMatchObject({
    status: 'in_progress',
    updatedAt: 3,
    reports: { in_progress: { at: 1 }, failed: { at: 2 } },
  });
});

test('an event that is dated ahead counts as of now, and does not hold the status', () => {
  const ahead = ofAll([event('broadcast.status_changed', Number.MAX_SAFE_INTEGER, 'sending')]);
  expect(ahead).toMatchObject({ status: 'sending', updatedAt: now });
  const later = event('broadcast.status_changed', now + 1, 'completed');
  expect(add(ahead, later, now + 1)).toMatchObject({ status: 'completed', updatedAt: now + 1 });
});

test('an item holds neither texts nor addresses, and is small at its largest', () => {
  const text = 'Where is my parcel, +56912345678?';
  const long = '你'.repeat(256);
  const all = Array.from({ length: maxStates }, (_, index) => ({
    ...event('broadcast.status_changed', index + 1, `${index}`.padStart(64, 's'), `${index}${long}`),
    projectId: long,
    senderId: long,
  }));
  const item = ofAll(all as StateEvent[]);
  expect(itemSize(marshall(item))).toBeLessThan(100_000);
  for (const type of stateEventTypes) {
    const one = {
      ...event(type, 1, 'sending'),
      data: { ...event(type, 1, 'sending').data, from: text, clientName: text },
    };
    expect(JSON.stringify(ofAll([one as StateEvent]))).not.toMatch(/parcel|\+569/);
  }
});

test('every type of which something is recorded names its subject, and no other does', () => {
  for (const type of sampleTypes) {
    const subject = subjectOf(JSON.parse(sample(type)));
    expect([type, subject !== undefined]).toEqual([type, recordedTypes.has(type)]);
  }
});

test.each<[string, EventType, object, object | undefined]>([
  ['a number', 'call.failed', { callId: 7 }, { kind: 'call', id: '7', state: 'failed' }],
  [
    'a type',
    'template.approved',
    { status: 'odd' },
    { kind: 'template', id: 'k57tpl123abc', state: 'approved' },
  ],
  [
    'no conversation',
    'conversation.new',
    { conversationId: null },
    { kind: 'conversation', id: 'k57msg456abc', state: 'new' },
  ],
  ['no id', 'call.failed', { callId: null }, undefined],
  ['a text as its id', 'call.failed', { callId: 'call me' }, undefined],
  ['a text as its state', 'invitation.status_changed', { currentStatus: 'call me' }, undefined],
  ['a name of every object', 'broadcast.status_changed', { status: '__proto__' }, undefined],
])('the subject of an event with %s', (_what, type, data, subject) => {
  const { data: own, ...envelope } = JSON.parse(sample(type));
  expect(subjectOf({ ...envelope, data: { ...own, ...data } })).toEqual(subject);
});
