import { CursorExpired } from '../../../lambda/reconcile/api/api-errors.ts';
import { reconcileProject } from '../../../lambda/reconcile/project-run.ts';
import type { Report } from '../../../lambda/reconcile/report.ts';
import { recoveredIn } from '../../../lambda/reconcile/report.ts';
import { hourMs, ReconcilerInMemory, type Thing } from '../../support/reconciler-in-memory.ts';

const dayMs = 24 * hourMs;

async function run(things: ReconcilerInMemory): Promise<Report> {
  const report = await reconcileProject(things.reconciler);
  if (!report) throw new Error('Another run holds the lease.');
  return report;
}

function inbound(things: ReconcilerInMemory, id: string, agoMs: number): Thing {
  return {
    id,
    direction: 'inbound',
    status: 'delivered',
    channel: 'whatsapp',
    from: '+15551234567',
    createdAt: things.ago(agoMs),
  };
}

function outbound(things: ReconcilerInMemory, id: string, agoMs: number, changedMs = agoMs): Thing {
  const times = { createdAt: things.ago(agoMs), updatedAt: things.ago(changedMs) };
  return { id, direction: 'outbound', status: 'sent', channel: 'sms', ...times };
}

test('A run that is ended while it asks Zavu is cut short, and has counted nothing that it did not do.', async () => {
  const things = new ReconcilerInMemory(['message.inbound']);
  things.doneUntil('messages', 7 * hourMs);
  things.pages = { messages: [[inbound(things, 'm1', 6.5 * hourMs)]] };
  things.onRequest = (request) => request === 'contactName' && things.controller.abort();
  expect(await run(things)).toMatchObject({ isComplete: false, looked: 0, recovered: {} });
  expect(things.fed).toEqual([]);

  const next = new ReconcilerInMemory(['message.inbound']);
  next.lists.set('messages', things.lists.get('messages') ?? {});
  next.pages = things.pages;
  expect(await run(next)).toMatchObject({ isComplete: true, looked: 1, had: 0 });
  expect(next.fedIds).toEqual(['reconciled:message:m1:received']);
});

test('A run that has no time for a whole page comes further all the same, and the next one takes the rest.', async () => {
  const things = new ReconcilerInMemory(['message.inbound']);
  things.doneUntil('messages', 7 * hourMs);
  const ids = Array.from({ length: 35 }, (_, index) => `m${index}`);
  things.pages = { messages: [ids.map((id) => inbound(things, id, 6.5 * hourMs))] };
  let asked = 0;
  things.onRequest = (request) => request === 'contactName' && ++asked === 25 && things.controller.abort();
  expect(await run(things)).toMatchObject({ isComplete: false, looked: 20 });
  expect(things.fedIds).toEqual(ids.slice(0, 20).map((id) => `reconciled:message:${id}:received`));
});

test('What the messages table has of another project alone is left out, and the report says so.', async () => {
  const things = new ReconcilerInMemory(['message.inbound']);
  things.doneUntil('messages', 7 * hourMs);
  things.pages = {
    messages: [[inbound(things, 'm1', 6.4 * hourMs), inbound(things, 'm2', 6.5 * hourMs)]],
  };
  things.known.set('message m1', { status: '', states: new Set(), updatedAt: 0, isOthers: true });
  expect(await run(things)).toMatchObject({ bounds: ['other_project'], looked: 2, had: 0 });
  expect(things.fedIds).toEqual(['reconciled:message:m2:received']);
});

test('What Zavu itself refuses fails a run.', async () => {
  const things = new ReconcilerInMemory(['message.inbound']);
  things.doneUntil('messages', 7 * hourMs);
  things.onRequest = () => {
    throw new Error('refused');
  };
  await expect(run(things)).rejects.toThrow('refused');
});

test('A walk that begins again puts and counts no event twice, though no worker has recorded it yet.', async () => {
  const things = new ReconcilerInMemory(['message.inbound']);
  things.doneUntil('messages', 9 * hourMs);
  things.pages = {
    messages: [[inbound(things, 'm1', 6.5 * hourMs)], [inbound(things, 'm2', 7 * hourMs)]],
  };
  let asked = 0;
  things.onRequest = (request) => {
    if (request === 'messages' && ++asked === 2) throw new CursorExpired('the list of messages', 400);
  };
  const report = await run(things);
  expect(things.fedIds).toEqual(['reconciled:message:m1:received', 'reconciled:message:m2:received']);
  expect(recoveredIn(report)).toBe(2);
});

test('A walk that goes on after days leaves out what is so old that its items may have expired.', async () => {
  const things = new ReconcilerInMemory(['message.inbound']);
  const from = things.now - 10 * dayMs;
  things.lists.set('messages', {
    since: from - dayMs,
    doneTo: from,
    walk: { from, to: things.now - 3 * dayMs, startedAt: things.now - 3 * dayMs, pages: 1, cursor: '1' },
  });
  things.pages = {
    messages: [[], [inbound(things, 'young', 4 * dayMs)], [inbound(things, 'old', 9 * dayMs)]],
  };
  const report = await run(things);
  expect(things.fedIds).toEqual(['reconciled:message:young:received']);
  expect(report.bounds).toEqual(['look_back']);
});

test('The list that was done longest ago comes first.', async () => {
  const things = new ReconcilerInMemory(['message.inbound', 'call.completed', 'template.status_changed']);
  things.doneUntil('messages', 7 * hourMs);
  things.doneUntil('calls', 9 * hourMs);
  things.doneUntil('templates', 8 * hourMs);
  await run(things);
  expect(things.requests).toEqual(['calls', 'syncTemplates', 'templates', 'messages']);
});

test('A run whose time is up asks Zavu for nothing more.', async () => {
  const things = new ReconcilerInMemory(['template.status_changed', 'message.sent']);
  things.doneUntil('templates', 8 * hourMs);
  things.doneUntil('messages', 8 * hourMs);
  things.openMessages.push({ messageId: 'm1', priority: 'unsettled', since: things.now - 8 * hourMs });
  things.isOver = () => true;
  expect(await run(things)).toMatchObject({ isComplete: false });
  expect(things.requests).toEqual([]);
});

test('An invitation from before everything was recorded is recovered if it changed since.', async () => {
  const things = new ReconcilerInMemory(['invitation.status_changed']);
  things.lists.set('invitations', { since: things.now - dayMs, doneTo: things.now - 7 * hourMs });
  things.pages = {
    invitations: [
      [
        {
          id: 'i1',
          status: 'completed',
          createdAt: things.ago(2 * dayMs),
          completedAt: things.ago(6.5 * hourMs),
        },
        {
          id: 'i2',
          status: 'completed',
          createdAt: things.ago(3 * dayMs),
          completedAt: things.ago(2 * dayMs),
        },
      ],
    ],
  };
  await run(things);
  expect(things.fedIds).toEqual(['reconciled:invitation:i1:completed']);
});

test('What happened before a worker handled its event type is not recovered: Zavu did not send it.', async () => {
  const things = new ReconcilerInMemory(['message.inbound', 'message.sent']);
  const types = { 'message.inbound': things.now - 90 * dayMs };
  things.lists.set('messages', {
    since: things.now - 90 * dayMs,
    doneTo: things.now - 7 * hourMs,
    types,
  });
  const page = () => [
    outbound(things, `out${things.now}`, 6.5 * hourMs),
    inbound(things, `in${things.now}`, 6.5 * hourMs),
  ];
  things.pages = { messages: [page()] };
  const deployedAt = things.now;
  await run(things);
  expect(things.fedIds).toEqual([`reconciled:message:in${deployedAt}:received`]);
  expect(things.lists.get('messages')?.types).toEqual({ ...types, 'message.sent': deployedAt });

  things.fed.length = 0;
  things.now += 7 * hourMs;
  things.pages = { messages: [page()] };
  await run(things);
  expect(things.fedIds).toEqual([
    `reconciled:message:out${things.now}:sent`,
    `reconciled:message:in${things.now}:received`,
  ]);
});

describe('messages that were not final', () => {
  /** So many, of which the oldest is so old. */
  function withOpen(count: number, agoMs: number): ReconcilerInMemory {
    const things = new ReconcilerInMemory(['message.sent']);
    things.doneUntil('messages', 6 * hourMs);
    for (let index = 0; index < count; index++)
      things.openMessages.push({
        messageId: `m${index}`,
        priority: 'unsettled',
        since: things.now - agoMs + index,
      });
    things.pages = {
      messages: [things.openMessages.map(({ messageId }) => outbound(things, messageId, agoMs))],
    };
    return things;
  }

  test('More than a run asks for are no bound while the next runs come in time for them.', async () => {
    const things = withOpen(700, dayMs);
    expect(await run(things)).toMatchObject({ isComplete: true, bounds: [] });
    expect(things.requests.filter((request) => request === 'message')).toHaveLength(500);
  });

  test('More than a run asks for are a bound once some are forgotten before the next run.', async () => {
    expect(await run(withOpen(501, 3 * dayMs - hourMs))).toMatchObject({ bounds: ['open_messages'] });
    expect(await run(withOpen(500, 3 * dayMs - hourMs))).toMatchObject({ bounds: [] });
  });

  test('A run that has no time for them has come to the end of its lists.', async () => {
    const things = withOpen(20, dayMs);
    things.isOver = () => things.requests.length > 0;
    expect(await run(things)).toMatchObject({ isComplete: true, bounds: [] });
    expect(things.requests).toEqual(['message', 'message', 'message', 'message', 'message']);
    expect(things.openMessages).toHaveLength(20);
  });
});
