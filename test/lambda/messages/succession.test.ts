import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { contentRoom } from '../../../lambda/messages/content.ts';
import { addToMessage, type Message } from '../../../lambda/messages/message.ts';
import { addToStates, type StateEvent, type StateItem } from '../../../lambda/messages/state-item.ts';
import { type MessageEvent, messageEventTypes } from '../../../lambda/messages/status-change.ts';
import { createMessages } from '../../../lambda/messages/store.ts';
import { namedSubjectOf } from '../../../lambda/messages/subject.ts';
import {
  addToTemplate,
  type Template,
  type TemplateEvent,
  templateEventTypes,
} from '../../../lambda/messages/template.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import type { Event } from '../../../lambda/zavu/event.ts';
import { TableInMemory } from '../../support/table-in-memory.ts';

/** What the table ends with, whichever way each event took into it: unseen, or by what its refusal brought. */
const now = 1_788_264_000_000;
const context = {
  logger: createLogger({}, (line) => {
    throw new Error(`Something was not recorded: ${line}`);
  }),
  signal: new AbortController().signal,
};

const texts = new Map([0, 10, 100_000, 170_000, 340_000, 400_000].map((count) => [count, 'x'.repeat(count)]));
/** The order of these is not the same in UTF-8 and in UTF-16. */
const ids = ['evt_1', 'evt_2', 'evt_\uffee', 'evt_👋'];

const messageEvents = fc.record({
  type: fc.constantFrom(...messageEventTypes),
  size: fc.constantFrom(...texts.keys()),
  channel: fc.constantFrom('sms', 'whatsapp', null),
  errorCode: fc.constantFrom(null, '30003'),
});
const templateEvents = fc.record({
  type: fc.constantFrom(...templateEventTypes),
  status: fc.constantFrom('approved', 'pending'),
  name: fc.constantFrom('offer', null),
  reason: fc.constantFrom('Prohibited', null),
});
const stateEvents = fc.record({
  type: fc.constantFrom('call.initiated', 'call.answered', 'call.completed', 'call.failed'),
});

/** Events about one thing. Few times, so that several say something at the same one. */
const courses = fc.oneof(...[messageEvents, templateEvents, stateEvents].map(course)).chain((all) =>
  fc.tuple(
    fc.constant(all),
    // In order, as most are, or in any.
    fc.oneof(
      fc.constant(all.toSorted((one, other) => one.timestamp - other.timestamp)),
      fc.shuffledSubarray(all, { minLength: all.length }),
    ),
    fc.array(fc.constantFrom(...all), { maxLength: 4 }),
  ),
);

function course(of: fc.Arbitrary<{ type: string; size?: number }>): fc.Arbitrary<Event[]> {
  const event = fc.tuple(of, fc.integer({ min: 1, max: 5 }), fc.constantFrom(...ids));
  return fc
    .uniqueArray(event, { minLength: 1, maxLength: 8, selector: ([, ago, id]) => `${ago} ${id}` })
    .map((all) =>
      all.map(([{ type, size = 0, ...data }, ago, id]) => {
        const about = { messageId: 'm', templateId: 't', callId: 'c', text: texts.get(size) };
        return { id, type, timestamp: now - ago, data: { ...data, ...about } } as unknown as Event;
      }),
    );
}

/** What plain functions make of events, one after the other. */
function folded(all: readonly Event[], storeMessageContent: boolean): object | undefined {
  const recording = { storeMessageContent, now };
  return all.reduce<object | undefined>((item, event) => {
    const { kind, state = '' } = namedSubjectOf(event) ?? {};
    if (kind === 'message')
      return addToMessage(item as Message | undefined, event as MessageEvent, recording);
    if (kind === 'template')
      return addToTemplate(item as Template | undefined, event as TemplateEvent, recording);
    return addToStates(item as StateItem | undefined, event as StateEvent, state, now);
  }, undefined);
}

function createRecorder(table: TableInMemory, storeMessageContent: boolean) {
  const settings = { client: table.client, tableName: 'Messages', retentionSeconds: 86_400 };
  return createMessages({ ...settings, storeMessageContent }, () => now);
}

/** The only item of a table, without what depends on how it was written. */
function itemOf(table: TableInMemory): object | undefined {
  const [item, ...others] = [...table.items.values()].map((each) => unmarshall(each));
  expect(others).toEqual([]);
  if (!item) return undefined;
  const { id: _id, owner: _owner, version: _version, expiresAt, ...said } = item;
  expect(expiresAt).toBe(Math.floor((said.updatedAt + 86_400_000) / 1000));
  return said;
}

const runs = { numRuns: 200 };

test('whatever is written unseen is what the plain functions make of the item', async () => {
  let unseen = 0;
  const property = fc.asyncProperty(courses, fc.boolean(), async ([, order, repeated], hasContent) => {
    const table = new TableInMemory();
    const messages = createRecorder(table, hasContent);
    const all = [...order, ...repeated];
    for (const [index, event] of all.entries()) {
      const before = table.calls.length;
      await messages.record(event, context);
      const calls = table.calls.slice(before);
      if (index > 0 && calls[0] === 'UpdateItem') unseen++;
      expect(itemOf(table)).toEqual(folded(all.slice(0, index + 1), hasContent));
      // Never a read: the refusal brings the item.
      expect(calls.filter((call) => !call.startsWith('UpdateItem'))).toEqual([]);
      expect(calls.length).toBeLessThanOrEqual(2);
    }
  });
  await fc.assert(property, runs);
  // Many of them were, or this would say nothing.
  expect(unseen).toBeGreaterThan(runs.numRuns / 4);
});

test('any order, any repetition and workers at the same time end in the same item', async () => {
  const property = fc.asyncProperty(
    courses,
    fc.boolean(),
    fc.boolean(),
    async ([all, order, repeated], hasContent, bringsItem) => {
      const table = new TableInMemory({ bringsItem });
      const recorders = [0, 1, 2].map(() => createRecorder(table, hasContent));
      const mixed = [...order, ...repeated];
      await Promise.all(
        recorders.map(async (messages, number) => {
          for (const event of mixed.filter((_, index) => index % 3 === number))
            await messages.record(event, context);
        }),
      );
      expect(itemOf(table)).toEqual(folded(all, hasContent));
    },
  );
  await fc.assert(property, runs);
});

describe('an event costs one call', () => {
  const record = async (all: readonly Partial<Event>[], hasContent = false) => {
    const table = new TableInMemory();
    const messages = createRecorder(table, hasContent);
    for (const [index, event] of all.entries()) {
      const timestamp = now - 100 + index;
      const data = { messageId: 'm', templateId: 't', callId: 'c', ...event.data };
      await messages.record({ id: `evt_${index}`, timestamp, ...event, data } as Event, context);
    }
    return table.calls;
  };
  const types = (...names: string[]) => names.map((type) => ({ type }) as Partial<Event>);

  test.each([
    ['a message', ['message.queued', 'message.sent', 'message.delivered', 'message.read']],
    ['a message that comes in', ['message.inbound']],
    ['a message that arrived after it had failed', ['message.sent', 'message.failed', 'message.delivered']],
    ['a template', ['template.status_changed', 'template.approved', 'template.rejected']],
    ['a call', ['call.initiated']],
  ])('%s, in order', async (_, names) => {
    expect(await record(types(...names))).toEqual(names.map(() => 'UpdateItem'));
    expect(await record(types(...names), true)).toEqual(names.map(() => 'UpdateItem'));
  });

  test('two, if it is late, or something else than a status comes between', async () => {
    const late = ['UpdateItem', 'UpdateItem, refused', 'UpdateItem'];
    expect(await record(types('message.sent', 'message.queued'))).toEqual(late);
    expect(await record(types('message.sent', 'message.sent'))).toEqual(late);
    expect(await record(types('call.initiated', 'call.answered'))).toEqual(late);
  });

  test('and one that is refused, if it was recorded before', async () => {
    const again = [
      { type: 'message.sent', id: 'evt', timestamp: now - 1 },
      { type: 'message.sent', id: 'evt', timestamp: now - 1 },
    ] as Partial<Event>[];
    expect(await record(again)).toEqual(['UpdateItem', 'UpdateItem, refused']);
  });

  test('with contents as long as there is room for all of them', async () => {
    const text = 'x'.repeat(contentRoom / 2 - 200);
    const sized = types('message.queued', 'message.sent', 'message.delivered').map(
      (event, index) => ({ ...event, data: { text: index < 2 ? text : 'Hi' } }) as unknown as Partial<Event>,
    );
    expect(await record(sized, true)).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    const larger = sized.map((event) => ({ ...event, data: { text } }) as unknown as Partial<Event>);
    expect(await record(larger, true)).toEqual([
      'UpdateItem',
      'UpdateItem',
      'UpdateItem, refused',
      'UpdateItem',
    ]);
  });
});
