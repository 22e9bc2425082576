import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type Zavudev from '@zavudev/sdk';
import {
  ApiKeyRefused,
  CursorExpired,
  RequestRefused,
  ZavuUnavailable,
} from '../../../../lambda/reconcile/api/api-errors.ts';
import {
  createZavuProject,
  type ListName,
  listNames,
  type ZavuProject,
} from '../../../../lambda/reconcile/api/zavu-project.ts';
import { HandClock } from '../../../support/hand-clock.ts';
import { type Fault, refused, tooManyRequests } from '../../../support/zavu-api/answer.ts';
import { simulateHistory } from '../../../support/zavu-api/history.ts';
import { StandInProject } from '../../../support/zavu-api/project.ts';
import { ZavuApi } from '../../../support/zavu-api/zavu-api.ts';

const apiKey = 'zv_live_s3cretKey';
const minuteMs = 60_000;

let zavu: ZavuApi;
let clock: HandClock;
let stored: StandInProject;
/** The waits so far, in milliseconds. */
let waits: number[];

beforeAll(async () => {
  zavu = await ZavuApi.start();
});
afterAll(() => zavu.stop());
beforeEach(() => {
  clock = new HandClock();
  stored = new StandInProject({ id: 'prj_live' });
  waits = [];
  zavu.projects.set(apiKey, stored);
  zavu.clock = () => clock.now();
  zavu.onRequest = () => undefined;
  zavu.requests.length = 0;
});

type Options = Partial<Parameters<typeof createZavuProject>[0]>;

/** By the hand clock: a wait is over at once, and moves the clock. */
function connect(options: Options = {}): ZavuProject {
  return createZavuProject({
    apiKey,
    baseUrl: zavu.url,
    requestsPerMinute: 1000,
    signal: new AbortController().signal,
    clock: () => clock.now(),
    sleep: async (ms) => {
      waits.push(ms);
      clock.advance(ms);
    },
    ...options,
  });
}

/** Answers the first so many requests with a fault. */
function failFirst(count: number, fault: Fault): void {
  zavu.onRequest = ({ number }) => (number <= count ? fault : undefined);
}

function addMessages(count: number, conversationId = 'jd7'): void {
  for (let index = 0; index < count; index++) {
    const at = clock.now() - index * 1000;
    stored.put({ list: 'messages', at, object: message(`k57${index}`, at, conversationId) });
  }
}

function message(id: string, at: number, conversationId: string): Zavudev.Message {
  const createdAt = new Date(at).toISOString();
  return {
    id,
    channel: 'sms',
    createdAt,
    direction: 'inbound',
    messageType: 'text',
    status: 'delivered',
    to: '+14155551234',
    conversationId,
  };
}

function addConversation(id: string): void {
  const createdAt = new Date(clock.now()).toISOString();
  const lastMessage = { id: 'k57', at: createdAt, channel: 'sms', direction: 'inbound', text: '' } as const;
  const counts = { messageCount: 1, unreadCount: 0 };
  const object = {
    id,
    channels: ['sms'],
    contactIdentifier: '+1',
    createdAt,
    lastMessage,
    updatedAt: createdAt,
  };
  stored.put({ list: 'conversations', at: clock.now(), object: { ...object, ...counts } });
}

function addContact(object: Partial<Zavudev.Contact> & { id: string }): void {
  const createdAt = new Date(clock.now()).toISOString();
  const fixed = { availableChannels: [], createdAt, metadata: {}, verified: false };
  stored.put({ list: 'contacts', at: clock.now(), object: { ...fixed, ...object } });
}

/** The ids of each page of a list, to its end. */
async function pagesOf(project: ZavuProject, name: ListName = 'messages'): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await project.list(name, cursor);
    pages.push(page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined && pages.length < 1000);
  return pages;
}

async function errorOf(answer: Promise<unknown>): Promise<Error> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('It did not fail.');
  return error;
}

test('it says whose the key is', async () => {
  expect(await connect().identity()).toEqual({ projectId: 'prj_live', isTestMode: false });
  const test = new StandInProject({ id: 'prj_test', isTestMode: true });
  zavu.projects.set(apiKey, test);
  expect(await connect().identity()).toEqual({ projectId: 'prj_test', isTestMode: true });
});

describe('a list', () => {
  test('comes in pages of a hundred, the newest first, to its end', async () => {
    addMessages(250);
    const project = connect();
    const pages = await pagesOf(project);
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(pages.flat()).toEqual(Array.from({ length: 250 }, (_, index) => `k57${index}`));
    expect(project.requests).toBe(3);
    expect(zavu.countOf('/v1/messages')).toBe(3);
  });

  test.each(listNames)('of %s has what Zavu has', async (name) => {
    const to = clock.now();
    const senderIds = ['jx7'] as const;
    const { versions } = simulateHistory({
      seed: 1,
      projectId: 'prj_live',
      senderIds,
      from: to - 3_600_000,
      to,
      messages: 50,
    });
    stored.load(versions);
    const expected = stored.at(name, to).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(0);
    const { items } = await connect().list(name);
    expect(items.map(({ id }) => id).sort()).toEqual(expected.sort());
  });

  test('goes on after a page that is empty', async () => {
    addMessages(250);
    stored.emptyPageEvery = 2;
    const pages = await pagesOf(connect());
    expect(pages.map(({ length }) => length)).toEqual([100, 0, 100, 0, 50]);
    expect(new Set(pages.flat()).size).toBe(250);
  });

  test('loses and repeats nothing if something is added, changed or deleted between pages', async () => {
    addMessages(250);
    zavu.onRequest = ({ number }) => {
      if (number === 1) return undefined;
      const at = clock.now();
      clock.advance(1000);
      stored.put({ list: 'messages', at, object: message(`new${number}`, at + 1000, 'jd7') });
      // The one after which the next page begins, and one that is still to come.
      if (number === 2) stored.remove('messages', 'k5799');
      stored.put({ list: 'messages', at, object: message('k57249', at - 10_000_000, 'jd8') });
      return undefined;
    };
    const pages = await pagesOf(connect());
    const old = pages.flat().filter((id) => id.startsWith('k57'));
    expect(old).toEqual(Array.from({ length: 250 }, (_, index) => `k57${index}`));
  });

  test.each(['oldest first', 'none'] as const)('comes whole in another order: %s', async (order) => {
    addMessages(250);
    stored.orders.set('messages', order);
    const ids = (await pagesOf(connect())).flat();
    expect(new Set(ids).size).toBe(250);
    if (order === 'oldest first') expect(ids[0]).toBe('k57249');
  });

  test('of which the cursor has expired says so', async () => {
    addMessages(250);
    const project = connect();
    const { nextCursor } = await project.list('messages');
    stored.expireCursors();
    expect(await errorOf(project.list('messages', nextCursor))).toBeInstanceOf(CursorExpired);
  });

  test.each([
    'an answer',
    { nextCursor: null },
    { items: null, nextCursor: null },
    { items: [], nextCursor: 7 },
    [],
  ])('is not taken for empty if %j comes', async (body) => {
    failFirst(5, { status: 200, body });
    expect(await errorOf(connect().list('messages'))).toBeInstanceOf(ZavuUnavailable);
  });

  test('of senders has their webhooks', async () => {
    stored.senders.set('jx7', {
      secret: 'whsec_1',
      webhook: {
        active: false,
        events: ['message.read'],
        signatureVersion: 'v1',
        url: 'https://example.com/',
      },
    });
    const { items, nextCursor } = await connect().senders();
    expect(nextCursor).toBeUndefined();
    expect(items).toMatchObject([{ id: 'jx7', webhook: { active: false, signatureVersion: 'v1' } }]);
  });
});

describe('one object', () => {
  test('is undefined if Zavu knows none', async () => {
    const project = connect();
    expect(await project.message('k57nobody')).toBeUndefined();
    expect(await project.firstMessage('jd7nobody')).toBeUndefined();
    expect(await project.contactName('+56912345678')).toBeUndefined();
    expect(await project.contactName('nobody@example.com')).toBeUndefined();
    expect(project.requests).toBe(4);
  });

  test('is given whole', async () => {
    addMessages(1);
    expect(await connect().message('k570')).toEqual(message('k570', clock.now(), 'jd7'));
  });

  test.each(['', '.', '..', '\ud800'])('is not asked for by %j, which is no id', async (id) => {
    const project = connect();
    expect(await project.message(id)).toBeUndefined();
    expect(await project.firstMessage(id)).toBeUndefined();
    expect(await project.contactName(id)).toBeUndefined();
    expect(project.requests).toBe(0);
  });

  test('is asked for by an id with odd characters', async () => {
    const id = 'a/../b?c#ü%2e';
    stored.put({ list: 'messages', at: clock.now(), object: message(id, clock.now(), id) });
    addConversation(id);
    const project = connect();
    expect(await project.message(id)).toMatchObject({ id });
    expect(await project.firstMessage(id)).toMatchObject({ id });
  });
});

describe('the first message of a conversation', () => {
  beforeEach(() => addConversation('jd7'));

  test.each(['newest first', 'oldest first', 'none'] as const)('is the oldest, with %s', async (order) => {
    addMessages(230);
    stored.orders.set('conversations', order);
    expect(await connect().firstMessage('jd7')).toMatchObject({ id: 'k57229' });
  });

  test('is not looked for in more than ten pages', async () => {
    addMessages(1001);
    const project = connect();
    expect(await project.firstMessage('jd7')).toBeUndefined();
    expect(project.requests).toBe(10);
  });

  test('is given up if a cursor expires on the way', async () => {
    addMessages(230);
    zavu.onRequest = () => void stored.expireCursors();
    expect(await connect().firstMessage('jd7')).toBeUndefined();
  });
});

test("a contact's name is that of WhatsApp, of the contact that has the address", async () => {
  addContact({ id: '1', profileName: 'anna@example.com', primaryEmail: 'hanna@example.com' });
  addContact({ id: '2', profileName: 'Anna', displayName: 'Pays late', primaryEmail: 'Anna@example.com' });
  addContact({ id: '3', profileName: null, displayName: 'Pays late', primaryPhone: '+56912345678' });
  addContact({ id: '4', profileName: 'Bo', primaryPhone: '+56987654321' });
  const channel = { id: '5c', channel: 'whatsapp', createdAt: '', isPrimary: true, verified: true } as const;
  addContact({ id: '5', profileName: 'Cy', channels: [{ ...channel, identifier: 'US.1349' }] });
  const project = connect();
  expect(await project.contactName('anna@example.com')).toBe('Anna');
  expect(await project.contactName('+56912345678')).toBeUndefined();
  expect(await project.contactName('+56987654321')).toBe('Bo');
  expect(await project.contactName('US.1349')).toBe('Cy');
});

test('templates stay as they were until they are synchronized', async () => {
  stored.templatesSyncedAt = clock.now();
  const template = { id: 't', body: '', category: 'UTILITY', language: 'es', name: 'order' } as const;
  stored.put({ list: 'templates', at: clock.now(), object: { ...template, status: 'pending' } });
  stored.put({ list: 'templates', at: clock.now() + 1, object: { ...template, status: 'approved' } });
  clock.advance(10);
  const project = connect();
  expect((await project.list('templates')).items).toMatchObject([{ status: 'pending' }]);
  await project.syncTemplates();
  expect((await project.list('templates')).items).toMatchObject([{ status: 'approved' }]);
});

describe('the budget', () => {
  /** The most requests that came within any minute. */
  function maxInAMinute(): number {
    const times = zavu.requests.map(({ at }) => at);
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + minuteMs).length));
  }

  test('is kept in any minute, and repeated requests count', async () => {
    zavu.onRequest = ({ number }) => {
      clock.advance((number * 37) % 500);
      return number % 3 === 0 ? refused(503, 'Later') : undefined;
    };
    const project = connect({ requestsPerMinute: 7 });
    for (let count = 0; count < 40; count++) await project.list('messages');
    expect(project.requests).toBe(59);
    expect(zavu.requests).toHaveLength(59);
    expect(maxInAMinute()).toBe(7);
  });

  test("goes with Zavu's own limit: what is refused comes later, and nothing is lost", async () => {
    addMessages(2000);
    stored.requestsPerMinute = 4;
    const startedAt = clock.now();
    const pages = await pagesOf(connect());
    expect(new Set(pages.flat()).size).toBe(2000);
    expect(clock.now() - startedAt).toBeGreaterThan(3 * minuteMs);
  });

  test('is kept by the real clock too', async () => {
    const controller = new AbortController();
    const project = createZavuProject({
      apiKey,
      baseUrl: zavu.url,
      requestsPerMinute: 2,
      signal: controller.signal,
    });
    await project.list('messages');
    await project.list('messages');
    const third = errorOf(project.list('messages'));
    await sleep(50);
    expect(project.requests).toBe(2);
    controller.abort(new Error('The run ends.'));
    expect((await third).message).toBe('The run ends.');
  });
});

describe('Retry-After', () => {
  test('is waited for, and nothing else is asked meanwhile', async () => {
    failFirst(1, tooManyRequests(97));
    const startedAt = clock.now();
    const project = connect();
    await Promise.all([project.list('messages'), project.list('calls')]);
    expect(waits).toEqual([97_000]);
    const [, ...others] = zavu.requests.map(({ at }) => at - startedAt);
    expect(Math.max(...others)).toBe(97_000);
    expect(project.requests).toBe(3);
  });

  test('may be a date', async () => {
    failFirst(1, tooManyRequests(new Date(clock.now() + 45_000).toUTCString()));
    await connect().list('messages');
    expect(waits).toEqual([45_000]);
  });

  test('counts after a 503 too, and a wait that cannot be read does not', async () => {
    failFirst(1, { ...refused(503, 'Later'), headers: { 'retry-after': '20' } });
    await connect().list('messages');
    zavu.requests.length = 0;
    failFirst(1, tooManyRequests('soon'));
    await connect().list('messages');
    expect(waits).toEqual([20_000, 1000]);
  });

  test('ends the request if it is beyond patience', async () => {
    failFirst(9, tooManyRequests(3600));
    const project = connect();
    const error = await errorOf(project.list('messages'));
    expect(error).toBeInstanceOf(ZavuUnavailable);
    expect(error.message).toBe(
      'Zavu did not give the list of messages. It was asked once; in the end the answer was 429, with a wait of 3600 s.',
    );
    expect(waits).toEqual([]);
  });
});

describe('a request that fails', () => {
  const faults: readonly [string, Fault][] = [
    ['500', refused(500, 'Oops')],
    ['503 with a page', { status: 503, body: '<html>Down</html>' }],
    ['429', refused(429, 'Too many')],
    ['a connection that breaks', 'hang up'],
    ['the page of a proxy', { status: 200, body: '<html>Log in</html>' }],
    ['an answer that stops halfway', 'stop halfway'],
  ];

  test.each(faults)('with %s is repeated', async (_, fault) => {
    addMessages(3);
    failFirst(4, fault);
    const project = connect({ requestMs: fault === 'stop halfway' ? 200 : 20_000 });
    expect((await project.list('messages')).items).toHaveLength(3);
    expect(project.requests).toBe(5);
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  test.each(faults)('with %s is given up after five times', async (_, fault) => {
    failFirst(5, fault);
    const project = connect({ requestMs: fault === 'stop halfway' ? 200 : 20_000 });
    const error = await errorOf(project.message('k57'));
    expect(error).toBeInstanceOf(ZavuUnavailable);
    expect(error.message).toMatch(/^Zavu did not give a message\. It was asked 5 times; in the end t/);
    expect(project.requests).toBe(5);
  });

  test('ends in its time if there is no answer', async () => {
    zavu.onRequest = ({ number }) => (number === 1 ? new Promise(() => undefined) : undefined);
    const project = connect({ requestMs: 200 });
    await project.identity();
    expect(project.requests).toBe(2);
  });

  test.each([
    [401, ApiKeyRefused],
    [403, ApiKeyRefused],
    [400, RequestRefused],
    [404, RequestRefused],
    [422, RequestRefused],
  ])('with %i is not repeated', async (status, type) => {
    failFirst(1, refused(status, 'No'));
    const project = connect();
    const error = await errorOf(project.list('calls'));
    expect(error).toBeInstanceOf(type);
    expect(error.name).toBe(type.name);
    expect(error.message).toContain(`the list of calls (${status})`);
    expect(project.requests).toBe(1);
  });
});

describe('the signal', () => {
  test('ends a request that is under way', async () => {
    const controller = new AbortController();
    zavu.onRequest = () => {
      controller.abort(new Error('The run ends.'));
      return new Promise(() => undefined);
    };
    // A day: nothing but the signal ends it.
    const project = connect({ signal: controller.signal, requestMs: 86_400_000 });
    expect((await errorOf(project.list('messages'))).message).toBe('The run ends.');
    expect((await errorOf(project.list('messages'))).message).toBe('The run ends.');
    expect(project.requests).toBe(1);
  }, 30_000);
});

describe('nothing tells the key, an address or an answer', () => {
  const email = 'anna@example.com';

  test('in an error', async () => {
    const secrets = [apiKey, email, 'k57message', 'b0dy'];
    const faults: readonly Fault[] = [
      ...[400, 401, 403, 429, 500].map((status) => refused(status, `b0dy ${apiKey} ${email}`)),
      { status: 200, body: `b0dy ${apiKey}` },
      { status: 200, body: `b0dy`, headers: { 'content-type': 'application/json' } },
      'hang up',
    ];
    for (const fault of faults) {
      zavu.onRequest = () => fault;
      const project = connect();
      const asked = [
        () => project.contactName(email),
        () => project.message('k57message'),
        () => project.identity(),
      ];
      for (const ask of asked) {
        const text = inspect(await errorOf(ask()), { depth: 9, showHidden: true });
        for (const secret of secrets) expect(text).not.toContain(secret);
      }
    }
  });

  test.each([`${apiKey}\n`, `${apiKey} x`, `${apiKey}ü`, ''])('if the key is %j', (wrong) => {
    let text = '';
    expect(() => {
      try {
        connect({ apiKey: wrong });
      } catch (error) {
        text = inspect(error);
        throw error;
      }
    }).toThrow('The API key has a character that no key of Zavu has.');
    expect(text).not.toContain(apiKey);
  });

  test('in the log, whatever level the SDK is asked for', async () => {
    const methods = ['debug', 'info', 'log', 'warn', 'error'] as const;
    const spies = methods.map((method) => jest.spyOn(console, method).mockImplementation(() => undefined));
    process.env.ZAVUDEV_LOG = 'debug';
    try {
      addMessages(1);
      failFirst(2, refused(500, 'Oops'));
      await connect().list('messages');
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    } finally {
      delete process.env.ZAVUDEV_LOG;
      for (const spy of spies) spy.mockRestore();
    }
  });

  test('over a connection that is not encrypted', () => {
    expect(() => connect({ baseUrl: 'http://example.com' })).toThrow('must begin with https://');
  });
});
