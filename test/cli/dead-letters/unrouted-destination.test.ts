import {
  destinationOfUnrouted,
  type RedriveDestination,
} from '../../../cli/dead-letters/unrouted-destination.ts';
import { Routes } from '../../../lambda/routing/routes.ts';
import { readEnvelope } from '../../../lambda/zavu/envelope.ts';

const now = Date.UTC(2026, 0, 31);
const event = (fields: object) =>
  readEnvelope(JSON.stringify({ id: 'evt_1', type: 'message.inbound', ...fields }), now)?.event;
const routes = Routes.parse('inbound=message.inbound');
const inbound: RedriveDestination = { worker: 'inbound' };

const mine = [{ sender: 'snd_1' }];
const another = [{ sender: 'snd_2' }, { sender: 'snd_3', project: 'prj_1' }];

test.each<[string, Parameters<typeof destinationOfUnrouted>[0], string[], RedriveDestination]>([
  ['of an earlier version', { event: event({}), reason: 'no_reason', boundTo: undefined }, [], inbound],
  ['routed since', { event: event({}), reason: 'unknown_type', boundTo: undefined }, [], inbound],
  [
    'still of no worker',
    { event: event({ type: 'message.odd' }), reason: 'unknown_type', boundTo: undefined },
    ['unknown_type'],
    { stays: 'unrouted' },
  ],
  [
    'still unreadable',
    { event: undefined, reason: 'unreadable', boundTo: undefined },
    ['unreadable'],
    { stays: 'unreadable' },
  ],
  ['readable now', { event: event({}), reason: 'unreadable', boundTo: undefined }, [], inbound],
  [
    'readable now, and proved',
    { event: event({ senderId: 'snd_1' }), reason: 'unreadable', boundTo: mine },
    [],
    inbound,
  ],
  [
    'readable now, and another\u2019s',
    { event: event({ senderId: 'snd_1' }), reason: 'unreadable', boundTo: another },
    ['unreadable', 'owner_unknown'],
    { stays: 'bound_elsewhere' },
  ],
  [
    'readable now, and nobody\u2019s',
    { event: event({}), reason: 'unreadable', boundTo: mine },
    ['unreadable'],
    { stays: 'owner_unknown' },
  ],
  [
    'readable now, nobody\u2019s, and named',
    { event: event({}), reason: 'unreadable', boundTo: mine },
    ['unreadable', 'owner_unknown'],
    inbound,
  ],
  [
    'bound to what cannot be read',
    { event: event({}), reason: 'unreadable', boundTo: [] },
    ['owner_unknown'],
    { stays: 'bound_elsewhere' },
  ],
  [
    'nobody\u2019s',
    { event: event({}), reason: 'owner_unknown', boundTo: mine },
    [],
    { stays: 'owner_unknown' },
  ],
  [
    'nobody\u2019s, and named',
    { event: event({}), reason: 'owner_unknown', boundTo: mine },
    ['owner_unknown'],
    inbound,
  ],
  [
    'nobody\u2019s, without what it is bound to',
    { event: event({}), reason: 'owner_unknown', boundTo: undefined },
    [],
    { stays: 'owner_unknown' },
  ],
  [
    'of an unknown age',
    { event: event({}), reason: 'age_unknown', boundTo: undefined },
    ['owner_unknown'],
    { stays: 'age_unknown' },
  ],
  [
    'of an unknown age, and named',
    { event: event({}), reason: 'age_unknown', boundTo: undefined },
    ['age_unknown'],
    inbound,
  ],
  [
    'of an unknown age, named, and another\u2019s',
    { event: event({ projectId: 'prj_1' }), reason: 'age_unknown', boundTo: [{ project: 'prj_2' }] },
    ['age_unknown'],
    { stays: 'bound_elsewhere' },
  ],
])('what was unrouted is %s', (_case, unrouted, named, expected) => {
  expect(destinationOfUnrouted(unrouted, named, routes)).toEqual(expected);
});

test('in a deployment that does not tell its routes it stays, whatever a person named', () => {
  const unrouted = { event: event({}), reason: 'unknown_type', boundTo: undefined };
  expect(destinationOfUnrouted(unrouted, ['unknown_type'], undefined)).toEqual({ stays: 'routes_unknown' });
});
