import fc from 'fast-check';
import * as z from 'zod/mini';
import { catalogue, type EventType } from '../../../lambda/zavu/catalogue.ts';
import { drifted } from '../../../lambda/zavu/drift.ts';
import { readEnvelope } from '../../../lambda/zavu/envelope.ts';
import { parseEvent } from '../../../lambda/zavu/event.ts';
import { sample, sampleTypes } from '../../../lambda/zavu/samples.ts';
import { routes } from '../../support/handlers.ts';
import { hostile, hostileData } from '../../support/hostile-data.ts';

const envelope = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data: {} };

test.each(sampleTypes)('the sample of %s is an event without drift', (type) => {
  const found = readEnvelope(sample(type), Date.now());
  if (!found) throw new Error('unreadable');
  expect(parseEvent(found.event)).toEqual({ event: found.event, drift: [] });
});

test('data that does not fit is delivered all the same, with the paths that differ', () => {
  const event = { ...envelope, data: { messageId: { id: 'm' }, isGroup: 'yes' } };
  expect(parseEvent(structuredClone(event))).toEqual({ event, drift: ['messageId', 'from', 'isGroup'] });
});

/** A type's data, compared: what handlers get, and the drift. */
function compared(type: string, data: object) {
  const parsed = parseEvent({ ...envelope, type, data: { ...data } });
  return { data: parsed?.event.data, drift: parsed?.drift };
}

const failed = { messageId: 'm', to: '+1', channel: 'sms', status: 'failed' };
const ended = { callId: 'c', direction: 'inbound', from: '+1', to: '+2', status: 'completed' };

test.each<[string, object, object, string[]]>([
  ['message.failed', { ...failed, errorCode: 21610 }, { ...failed, errorCode: '21610' }, ['errorCode']],
  ['message.failed', { ...failed, messageId: 0 }, { ...failed, messageId: '0' }, ['messageId']],
  ['message.failed', { ...failed, to: 56912345678 }, { ...failed, to: '56912345678' }, ['to']],
  ['message.failed', { ...failed, errorCode: -1.5 }, { ...failed, errorCode: '-1.5' }, ['errorCode']],
  [
    'call.completed',
    { ...ended, durationSeconds: '12' },
    { ...ended, durationSeconds: 12 },
    ['durationSeconds'],
  ],
  ['call.completed', { ...ended, cost: '0.05' }, { ...ended, cost: 0.05 }, ['cost']],
  [
    'call.completed',
    { ...ended, cost: '-3', currency: 840 },
    { ...ended, cost: -3, currency: '840' },
    ['cost', 'currency'],
  ],
  [
    'message.inbound',
    {
      messageId: 'm',
      from: 'f',
      text: 7,
      providerTimestamp: '1736850000000',
      content: { contacts: [{ phones: [1, '+2'] }] },
    },
    {
      messageId: 'm',
      from: 'f',
      text: '7',
      providerTimestamp: 1736850000000,
      content: { contacts: [{ phones: ['1', '+2'] }] },
    },
    ['text', 'content.contacts.*.phones.*', 'providerTimestamp'],
  ],
])(
  '%s: a number in a text’s place is its text, and the other way round (%#)',
  (type, data, adapted, drift) => {
    expect(compared(type, data)).toEqual({ data: adapted, drift });
  },
);

test.each<[string, object, string]>([
  // An integer that was rounded on its way is another's id.
  ['message.failed', { ...failed, messageId: 2 ** 53 }, 'messageId'],
  ['message.failed', { ...failed, messageId: 1e21 }, 'messageId'],
  ['message.failed', { ...failed, errorCode: Number.POSITIVE_INFINITY }, 'errorCode'],
  ['message.failed', { ...failed, errorCode: true }, 'errorCode'],
  ['message.failed', { ...failed, errorCode: { code: 30003 } }, 'errorCode'],
  ['message.failed', { ...failed, errorCode: ['30003'] }, 'errorCode'],
  ['call.completed', { ...ended, durationSeconds: '' }, 'durationSeconds'],
  ['call.completed', { ...ended, durationSeconds: ' 12' }, 'durationSeconds'],
  ['call.completed', { ...ended, durationSeconds: '0x10' }, 'durationSeconds'],
  ['call.completed', { ...ended, durationSeconds: 'NaN' }, 'durationSeconds'],
  ['call.completed', { ...ended, durationSeconds: '9'.repeat(400) }, 'durationSeconds'],
  ['call.completed', { ...ended, cost: '0,05' }, 'cost'],
  ['call.completed', { ...ended, cost: [1] }, 'cost'],
  ['call.completed', { ...ended, transcriptAvailable: 1 }, 'transcriptAvailable'],
])('%s: any other value stays as it came, and is drift (%#)', (type, data, path) => {
  expect(compared(type, data)).toEqual({ data, drift: [path] });
});

describe('what Zavu may leave out', () => {
  const person = { messageId: 'm', channel: 'whatsapp', status: 'sent' };

  test.each<[string, object]>([
    ['message.queued', { ...person, to: null, templateId: null }],
    ['message.sent', { ...person, to: null, errorCode: null, errorMessage: null }],
    ['message.delivered', { ...person, to: null }],
    ['message.read', { ...person, to: 'US.13491208655302741918' }],
    ['message.failed', { ...person, to: null, errorCode: '131026' }],
    [
      'message.inbound',
      {
        messageId: 'm',
        from: null,
        to: null,
        channel: 'whatsapp',
        text: null,
        conversationId: null,
        profileName: null,
        providerTimestamp: null,
      },
    ],
    [
      'message.inbound',
      {
        messageId: 'm',
        from: 'US.13491208655302741918',
        content: { replyToFrom: null, interactiveReply: { type: 'button_reply', id: 'b', title: 'Yes' } },
      },
    ],
    ['message.unsupported', {}],
    ['message.unsupported', { messageId: null, from: null, to: null, channel: null, content: null }],
    [
      'message.status',
      { from: null, channel: null, status: null, content: { mediaId: 'x', mimeType: null } },
    ],
    [
      'conversation.new',
      {
        phoneNumber: null,
        channel: 'whatsapp',
        firstMessageId: 'm',
        firstMessageText: null,
        profileName: null,
      },
    ],
    ['conversation.new', { email: 'a@example.com', channel: 'email', firstMessageId: 'm' }],
    ['call.initiated', { ...ended, from: null, status: 'ringing', durationSeconds: null, endReason: null }],
    [
      'call.completed',
      {
        ...ended,
        to: null,
        durationSeconds: 3,
        endReason: null,
        transcriptAvailable: false,
        cost: null,
        currency: null,
      },
    ],
    ['template.rejected', { templateId: 't', name: 'offer', status: 'rejected', reason: null }],
    ['template.status_changed', { templateId: 't', status: 'draft', reason: null }],
    ['broadcast.status_changed', {}],
    [
      'invitation.status_changed',
      {
        invitationId: 'i',
        clientEmail: null,
        connectionType: 'messenger',
        currentStatus: 'failed',
        connectedAccount: null,
        failureReason: null,
      },
    ],
    ['domain.failed', {}],
  ])('is no drift in %s (%#)', (type, data) => {
    expect(compared(type, data)).toEqual({ data, drift: [] });
  });

  test('is not what every such event has', () => {
    expect(compared('message.sent', { status: 'sent' }).drift).toEqual(['messageId', 'to', 'channel']);
    expect(compared('call.failed', {}).drift).toEqual(['callId', 'direction', 'from', 'to', 'status']);
  });
});

describe('data that is too large to compare', () => {
  const inbound = (content: unknown) => ({ messageId: 7, from: 'f', content });
  const nested = (depth: number) => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 'text');

  test.each([
    ['a list of 150,000 wrong items', inbound({ contacts: Array(150_000).fill(1) })],
    ['a list of 1,500,000 of them', inbound({ contacts: Array(1_500_000).fill({}) })],
    ['many fields', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, 1]))],
    ['lists in lists', inbound({ x: Array(100).fill(Array(100).fill([1])) })],
    ['a depth of 100,000', inbound(nested(100_000))],
    ['a depth of 65', inbound(nested(65))],
  ])('%s: it is handled as it came', (_case, data) => {
    const event = { ...envelope, data };
    const parsed = parseEvent(event);
    expect(parsed?.drift).toEqual(['(too large to compare)']);
    expect(parsed?.event).toBe(event);
    expect(event.data).toBe(data);
  });

  test.each([
    ['4,000 wrong items', { contacts: Array(4_000).fill(1) }, ['messageId', 'content.contacts.*']],
    ['a depth of 60', nested(60), ['messageId', 'content']],
    ['a text of a megabyte', { emoji: 'x'.repeat(1_000_000) }, ['messageId']],
  ])('%s is not', (_case, content, drift) => {
    expect(parseEvent({ ...envelope, data: inbound(content) })?.drift).toEqual(drift);
  });

  test('nor does a comparison that fails lose the event', () => {
    const data = Object.defineProperty({ from: 'f' }, 'messageId', {
      enumerable: true,
      get() {
        throw new RangeError('Maximum call stack size exceeded');
      },
    });
    expect(parseEvent({ ...envelope, data })?.drift).toEqual(['(too large to compare)']);
  });
});

describe('paths of a schema of your own', () => {
  test('hold no name from outside, and are at most twenty', () => {
    const record = z.object({ byPhone: z.record(z.string(), z.object({ code: z.number() })) });
    const data = { byPhone: { '+56912345678': { code: 'x' }, 'call me': {}, ok: { code: {} } } };
    expect(drifted(record, data)).toEqual(['byPhone.*.code', 'byPhone.ok.code']);
    const wide = z.object(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, z.string()])));
    expect(drifted(wide, {})).toHaveLength(21);
    expect(drifted(wide, {}).at(-1)).toBe('(more)');
  });

  test('are short, however deep it is', () => {
    const name = 'n'.repeat(40);
    const deep = Array.from({ length: 10 }).reduce<z.ZodMiniType>(
      (inner) => z.object({ [name]: inner }),
      z.string(),
    );
    const data = Array.from({ length: 10 }).reduce<object>((inner) => ({ [name]: inner }), {});
    expect(drifted(deep, data)).toEqual([`${name}.`.repeat(10).slice(0, 200)]);
  });

  test('change no prototype', () => {
    const record = z.record(z.string(), z.string());
    const data = JSON.parse('{"__proto__":7}');
    drifted(record, data);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });
});

test('items of a list share one path', () => {
  const contacts = [{ name: 7 }, { name: 8 }, { phones: ['+1', 9] }];
  const event = { ...envelope, data: { messageId: 'm', from: 'f', content: { contacts } } };
  expect(parseEvent(event)?.drift).toEqual(['content.contacts.*.name', 'content.contacts.*.phones.*']);
});

test('whatever the value of whatever field, parseEvent gives the event and few, short paths of the schema', () => {
  const types = fc.constantFrom(...(Object.keys(catalogue) as EventType[]));
  const outside = fc.constantFrom('__proto__', 'constructor', 'toString', 'novelty', 'call me at home');
  fc.assert(
    fc.property(
      types.chain((type) => fc.tuple(fc.constant(type), hostileData(type), fc.dictionary(outside, hostile))),
      ([type, fields, more]) => {
        const data = { ...more, ...fields };
        const names = Object.keys(data);
        const parsed = parseEvent({ ...envelope, type, data });
        if (!parsed) throw new Error('No event.');
        expect(parsed.event.data).toBe(data);
        expect(Object.keys(data)).toEqual(names);
        expect(parsed.drift.length).toBeLessThanOrEqual(21);
        for (const path of parsed.drift) {
          expect(path).toMatch(/^(\(too large to compare\)|\(more\)|[a-zA-Z*]+(\.[a-zA-Z*]+){0,4})$/);
        }
        // What was adapted is no drift any more, and what was not is again.
        const again = parseEvent({ ...envelope, type, data })?.drift ?? [];
        for (const path of again) expect(parsed.drift).toContain(path);
      },
    ),
    { numRuns: 3_000 },
  );
});

test.each(['constructor', '__proto__', 'toString', 'message.reaction'])('%s is nobody’s type', (type) => {
  expect(routes.workerFor(type)).toBeUndefined();
  expect(parseEvent({ ...envelope, type })).toBeUndefined();
});
