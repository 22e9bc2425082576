import { type SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { lastingAttributes } from '../../../lambda/queued-event/attributes.ts';
import type { OutgoingEvent } from '../../../lambda/queued-event/outgoing-event.ts';
import { maxEventBytes } from '../../../lambda/queued-event/size.ts';
import { unpack } from '../../../lambda/queued-event/text.ts';
import { fedEvent, QueueFeed } from '../../../lambda/reconcile/queue-feed.ts';

const event = (data: Record<string, unknown>) => ({
  id: 'reconciled:message:k57:received',
  type: 'message.inbound',
  timestamp: 1,
  projectId: 'prj_1',
  data,
});

describe('an event as a queue takes it', () => {
  test('its text is ASCII, its group is its project, and it is marked as one that was rebuilt', () => {
    const fed = fedEvent(event({ text: '¿Cuándo? 👋' }));
    expect(fed?.body).toMatch(/^[ -~]+$/);
    expect(JSON.parse(fed?.body ?? '')).toEqual(event({ text: '¿Cuándo? 👋' }));
    expect(fed).toMatchObject({ group: 'prj_1', attributes: { reconciled: '1' } });
  });

  test('a large one is compressed, and says so', () => {
    const large = event({ text: 'hola '.repeat(maxEventBytes / 4) });
    const { body = '', attributes = {} } = fedEvent(large) ?? {};
    expect(attributes).toEqual({ encoding: 'brotli_base64', reconciled: '1' });
    expect(body.length).toBeLessThanOrEqual(maxEventBytes);
    expect(JSON.parse(unpack(body, attributes.encoding) ?? '')).toEqual(large);
  });

  test('of what a message keeps it never has more than two: a dead letter has room for them', () => {
    const { attributes = {} } = fedEvent(event({ text: 'hola '.repeat(maxEventBytes / 4) })) ?? {};
    const known: readonly string[] = lastingAttributes;
    expect(Object.keys(attributes).filter((name) => !known.includes(name))).toEqual([]);
    expect(Object.keys(attributes)).not.toEqual(expect.arrayContaining(['receivedAt']));
    expect(Object.keys(attributes)).not.toEqual(expect.arrayContaining(['replay']));
  });

  test('one that no queue takes is none: too deep to be written, or too large even compressed', () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 50_000; level++) deep = { deep };
    expect(fedEvent(event(deep))).toBeUndefined();
    let state = 1;
    const noise = Array.from({ length: 2 * maxEventBytes }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return String.fromCharCode(33 + (state % 90));
    }).join('');
    expect(fedEvent(event({ text: noise }))).toBeUndefined();
  });
});

describe('the feed', () => {
  const sent: SendMessageBatchCommandInput[] = [];
  /** Which entries of a call SQS does not take, by their bodies. */
  let refuses: (body: string, call: number) => boolean = () => false;
  const client = new SQSClient({ region: 'us-east-1' });
  const spy = jest.spyOn(client, 'send').mockImplementation(async ({ input }) => {
    const given = input as SendMessageBatchCommandInput;
    sent.push(given);
    const { Entries = [] } = given;
    return {
      Failed: Entries.filter(({ MessageBody = '' }) => refuses(MessageBody, sent.length)).map(({ Id }) => ({
        Id,
      })),
    };
  });
  const feed = new QueueFeed(client, (worker) => `https://sqs/${worker}`);
  const fed = (body: string): OutgoingEvent => ({ body, group: 'prj_1', attributes: { reconciled: '1' } });
  const bodies = () => sent.map(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody));

  beforeEach(() => {
    sent.length = 0;
    refuses = () => false;
  });
  afterAll(() => {
    spy.mockRestore();
    client.destroy();
  });

  test('sends ten at once, each with its group and its attributes, to the queue of the worker', async () => {
    await feed.send(
      'inbound',
      Array.from({ length: 23 }, (_, index) => fed(`${index}`)),
    );
    expect(bodies().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(bodies().flat()).toEqual(Array.from({ length: 23 }, (_, index) => `${index}`));
    expect(sent[0]).toMatchObject({ QueueUrl: 'https://sqs/inbound' });
    expect(sent[0]?.Entries?.[0]).toMatchObject({
      MessageGroupId: 'prj_1',
      MessageAttributes: { reconciled: { DataType: 'String', StringValue: '1' } },
    });
  });

  test('sends no more bytes at once than SQS takes', async () => {
    await feed.send('inbound', [fed('a'.repeat(maxEventBytes)), fed('b'), fed('c'.repeat(maxEventBytes))]);
    expect(bodies().map((batch) => batch.map((body) => body?.[0]).join(''))).toEqual(['ab', 'c']);
    const third = 'd'.repeat(500_000);
    sent.length = 0;
    await feed.send('inbound', [fed(third), fed(third), fed(third)]);
    expect(bodies().map(({ length }) => length)).toEqual([2, 1]);
  });

  test('sends nothing of nothing', async () => {
    await feed.send('inbound', []);
    expect(sent).toEqual([]);
  });

  test('sends again what SQS did not take, and only that', async () => {
    refuses = (body, call) => body === 'b' && call === 1;
    await feed.send('inbound', [fed('a'), fed('b'), fed('c')]);
    expect(bodies()).toEqual([['a', 'b', 'c'], ['b']]);
  });

  test('throws if SQS does not take one in the end', async () => {
    refuses = (body) => body === 'b';
    await expect(feed.send('inbound', [fed('a'), fed('b')])).rejects.toThrow('SQS takes no messages');
    expect(bodies()).toEqual([['a', 'b'], ['b'], ['b'], ['b'], ['b']]);
  });
});
