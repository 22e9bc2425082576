import type { EventAccount } from '../../../cli/event/account.ts';
import { eventDocument } from '../../../cli/event/document.ts';
import { Inquiry } from '../../../cli/event/inquiry.ts';
import { readLogs } from '../../../cli/event/logs.ts';
import { nextStep } from '../../../cli/event/next-step.ts';
import { storyOf } from '../../../cli/event/story.ts';
import { eventText } from '../../../cli/event/text.ts';

const at = Date.UTC(2026, 0, 31, 9);
const frame = 'at handle (file:///var/task/message-inbound-3.mjs:2:55)';

function line(part: string, fields: object, others = {}) {
  return { at, part, message: 'event', fields: { id: 'evt_1', type: 'message.inbound', ...fields }, others };
}

function account(lines: ReturnType<typeof line>[], rest: Partial<EventAccount> = {}): EventAccount {
  return {
    id: 'evt_1',
    isLocal: false,
    from: at - 1_000,
    to: undefined,
    story: storyOf(lines),
    records: [],
    archived: undefined,
    messageIds: [],
    items: [],
    notAsked: [],
    ...rest,
  };
}

const display = { reveal: false, now: at, choice: { stage: 'prod' } };

const failed = line(
  'inbound',
  {
    outcome: 'dead_lettered',
    worker: 'inbound',
    attempt: 2,
    reason: 'attempts_exhausted',
    error: 'TypeError',
    at: [frame],
  },
  { note: 'call +56912345678' },
);

const archived = {
  key: 'events/day=2026-01-31/a.gz',
  receivedAt: '2026-01-31T09:00:00.000Z',
  type: 'message.inbound',
  text: '{"text":"\u202ehello ñ"}',
};

test('an event is told in lines, with how to go on', () => {
  const text = eventText(account([failed], { archived, messageIds: ['msg_1'] }), display);
  expect(text).toContain('evt_1, message.inbound: dead_lettered\n');
  expect(text).toContain(
    `2026-01-31T09:00:00.000Z  inbound  attempt 2: dead_lettered (attempts_exhausted), TypeError, ${frame}, 1 more: --reveal\n`,
  );
  expect(text).toContain('  npx zavu-webhooks dead-letters show --id evt_1 --worker inbound --stage prod\n');
  expect(text).toContain('  npx zavu-webhooks message msg_1 --stage prod');
  expect(text).not.toMatch(/hello|\+569/);
});

test('--reveal shows what may hold texts and phone numbers, in ASCII', () => {
  const told = account([failed], { archived });
  const text = eventText(told, { ...display, reveal: true });
  expect(text).toContain('note=call +56912345678');
  expect(text).toContain('{"text":"\\u202ehello \\u00f1"}');
  expect(eventDocument(told, true, at)).toMatchObject({
    archive: { event: archived.text },
    lines: [{ others: { note: 'call +56912345678' } }],
  });
  expect(JSON.stringify(eventDocument(told, false, at))).not.toMatch(/hello|\+569/);
  expect(eventDocument(told, false, at)).toMatchObject({ lines: [{ hidden: 1 }] });
});

test('a narrow terminal breaks lines between words, and loses none of them', () => {
  const text = eventText(account([failed], { archived }), { ...display, columns: 90 });
  const table = text.split('\n\n')[1] ?? '';
  for (const row of table.split('\n')) expect(row.length).toBeLessThanOrEqual(90);
  for (const word of [...frame.split(' '), 'attempts_exhausted']) expect(table).toContain(word);
  expect(text).toContain(archived.key);
});

test.each<[string, EventAccount, RegExp]>([
  [
    'comes back later',
    account([line('inbound', { outcome: 'retried', retryInSeconds: 60 })]),
    /at 2026-01-31T09:01:00.000Z\.$/,
  ],
  [
    'should be back',
    account([line('inbound', { outcome: 'retried', retryInSeconds: -60 })]),
    /no line says that it did/,
  ],
  [
    'waits',
    account([line('Receiver', { outcome: 'queued', worker: 'inbound' })]),
    /^It waits in the queue of inbound,/,
  ],
  ['is handled', account([line('inbound', { outcome: 'handled' })]), /^Nothing is left/],
  ['is in the archive alone', account([], { archived }), /^It was received\. .*--from/],
  [
    'has a record alone',
    account([], { records: [{ step: 'handling', status: 'completed' }] }),
    /^It is handled\. .*--from/,
  ],
  ['is unknown', account([]), /^Search further back/],
])('what to do about an event that %s', (_, told, expected) => {
  expect(nextStep(told, at).text).toMatch(expected);
});

test('the local run can try a retried event again at once', () => {
  const retried = line('inbound', { outcome: 'retried', retryInSeconds: 60 });
  expect(nextStep(account([retried], { isLocal: true }), at).command).toEqual(['retry', ['evt_1']]);
  expect(nextStep(account([retried]), at).command).toBeUndefined();
});

test('what to do about an unrouted event', () => {
  expect(nextStep(account([line('Receiver', { outcome: 'unrouted' })]), at).command).toEqual([
    'unrouted',
    ['show', '--id', 'evt_1'],
  ]);
});

test('a deployment of an earlier version has no names of logs: each is a source that was not asked', async () => {
  const inquiry = new Inquiry();
  const deployment = { name: 'Old', outputs: {}, alarmPrefix: '', client: () => ({ region: 'us-east-1' }) };
  const span = { from: 0, to: undefined };
  expect(await readLogs(deployment, ['Receiver', 'inbound'], 'id', 'evt_1', span, inquiry)).toEqual([]);
  expect(inquiry.notAsked).toMatchObject([
    { source: 'log of Receiver', why: expect.stringContaining('no output ReceiverLogGroupName') },
    { source: 'log of inbound', why: expect.stringContaining('no output InboundWorkerLogGroupName') },
  ]);
  expect(eventText(account([], { notAsked: inquiry.notAsked }), display)).toMatch(
    /^Nothing is known of evt_1\..*\nNot asked: log of Receiver\. Old has no output/s,
  );
});
