import { readFileSync } from 'node:fs';
import type { WebhookEvent } from '@zavudev/sdk/resources/senders/senders';
import { catalogue, type EventType } from '../../../lambda/zavu/catalogue.ts';
import type { Event, EventOf } from '../../../lambda/zavu/event.ts';
import { sampleTypes } from '../../../lambda/zavu/samples.ts';
import { guideTypes } from '../../../testing/conformance/guide-types.ts';
import { routes } from '../../support/handlers.ts';

/** The event types that Zavu's SDK declares. */
const declaration = require.resolve('@zavudev/sdk/resources/senders/senders').replace(/\.m?js$/, '.d.ts');
const [, union = ''] = readFileSync(declaration, 'utf8').match(/export type WebhookEvent = ([^;]+);/) ?? [];
const ofSdk = [...union.matchAll(/'([^']+)'/g)].map(([, type = '']) => type);

test("the catalogue knows every event type of Zavu's guide and of its SDK", () => {
  expect(ofSdk.length).toBeGreaterThanOrEqual(18);
  expect(Object.keys(catalogue)).toEqual(expect.arrayContaining([...guideTypes, ...ofSdk]));
});

test('every event type of the catalogue has a sample and a route', () => {
  expect(sampleTypes).toEqual(Object.keys(catalogue).sort());
  expect([...routes.types].sort()).toEqual(sampleTypes);
});

// What the compiler must refuse: `tsc` fails on an expectation that is not met.
test('the types are those of the catalogue', () => {
  const known: EventType = ofSdk[0] as WebhookEvent;
  const nothing = { id: 'evt_1', timestamp: 1 };
  // @ts-expect-error no such type
  const unknown: EventType = 'message.reaction';
  // @ts-expect-error a queued message has no errorCode
  const strange = (event: EventOf<'message.queued'>) => event.data.errorCode;
  // @ts-expect-error data must be told apart by the type first
  const blind = (event: Event) => event.data.callId;
  const told = (event: Event) => (event.type === 'call.completed' ? event.data.cost : undefined);
  // @ts-expect-error a cost comes at the end of a call
  const early = (event: EventOf<'call.initiated'>) => event.data.cost;
  // @ts-expect-error it may be missing
  const certain = (event: EventOf<'message.inbound'>): string => event.data.text;
  // @ts-expect-error an event of this type has a messageId
  const thin: EventOf<'message.read'> = { ...nothing, type: 'message.read', data: { channel: 'whatsapp' } };
  // @ts-expect-error a WhatsApp user may have no telephone number
  const numbered = (event: EventOf<'message.sent' | 'call.failed'>): string => event.data.to;
  // @ts-expect-error the same for who wrote
  const named = (event: EventOf<'message.inbound'>): string => event.data.from;
  // Sets that Zavu extends without notice are open.
  const channel: EventOf<'message.read'>['data']['channel'] = 'carrier-pigeon';
  expect([known, unknown, strange, blind, told, early, certain, thin, numbered, named, channel]).toHaveLength(
    11,
  );
});
