import { walkList } from '../../../lambda/reconcile/list-walk.ts';
import { emptyReport } from '../../../lambda/reconcile/report.ts';
import { hourMs, ReconcilerInMemory, type Thing } from '../../support/reconciler-in-memory.ts';

/** Which pages of a list a walk takes before it thinks that the rest is older. */
const begun = Date.parse('2026-03-01T12:00:00.000Z');
const iso = (agoHours: number) => new Date(begun - agoHours * hourMs).toISOString();
const span = { from: begun - 8 * hourMs, to: begun - 6 * hourMs };

/**
 * Walks for so many pages at a time, and goes on as a run does that reads its progress.
 *
 * @param isEndLost whether the first run that comes to the end is killed before it can say so
 */
async function walked(
  name: 'messages' | 'conversations',
  pages: readonly (readonly Thing[])[],
  pagesAtATime = Number.POSITIVE_INFINITY,
  isEndLost = false,
) {
  const things = new ReconcilerInMemory([]);
  things.pages = { [name]: pages };
  const seen: string[] = [];
  const unordered = new Set<string>();
  let endsLost = isEndLost ? 1 : 0;
  let begin: Parameters<typeof walkList>[0]['begin'] = { pages: 0 };
  for (let isDone = false; !isDone; ) {
    let left = pagesAtATime;
    const report = emptyReport('prj');
    isDone = await walkList({
      project: things.reconciler.project,
      name,
      span,
      begin,
      startedAt: begun,
      report,
      isOver: () => left-- <= 0,
      async onPage(objects, next) {
        seen.push(...objects.map(({ id }) => id));
        begin = structuredClone(next);
      },
    });
    for (const list of report.unordered) unordered.add(list);
    if (isDone && endsLost-- > 0) isDone = false;
  }
  return { seen: [...new Set(seen)], unordered: [...unordered] };
}

const message = (id: string, agoHours: number): Thing => ({ id, createdAt: iso(agoHours) });
const conversation = (id: string, created: number, changed?: number): Thing => ({
  id,
  createdAt: iso(created),
  ...(changed === undefined ? {} : { updatedAt: iso(changed) }),
});

test('A walk ends at a whole page that is older, and not at an empty one.', async () => {
  const { seen } = await walked('messages', [
    [message('a', 1)],
    [],
    [message('b', 7)],
    [message('c', 9)],
    [message('d', 10)],
  ]);
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('A list that was out of order before a walk was cut short is walked to its end.', async () => {
  const pages = [[message('a', 1), message('late', 0.5)], [message('b', 9)], [message('c', 7)]];
  for (const pagesAtATime of [1, 2, 3]) {
    const { seen, unordered } = await walked('messages', pages, pagesAtATime);
    expect(seen).toEqual(['a', 'late', 'b', 'c']);
    expect(unordered).toEqual(['messages']);
  }
});

test('A list is in order for a run that begins again because the end of the one before was not saved.', async () => {
  for (const pages of [
    [[message('a', 1)], [message('b', 7)]],
    [[message('a', 1)], [message('b', 7)], [message('c', 9)], [message('d', 10)]],
  ]) {
    for (const pagesAtATime of [1, 9]) {
      expect(await walked('messages', pages, pagesAtATime, true)).toMatchObject({ unordered: [] });
    }
  }
});

test('The oldest first is noticed also if each run takes one page of one message.', async () => {
  const pages = [[message('a', 7.9)], [message('b', 7)], [message('c', 6.5)]];
  const { seen, unordered } = await walked('messages', pages, 1);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(unordered).toEqual(['messages']);
});

test('Of conversations the most recently active may come first: an old one at the top is not the end.', async () => {
  const pages = [
    [conversation('old and active', 900, 0.1)],
    [conversation('older and active', 950, 0.2)],
    [conversation('new', 7, 6.9)],
    [conversation('old', 800, 9)],
    [conversation('beyond', 900, 10)],
  ];
  for (const pagesAtATime of [1, 2, 9]) {
    const { seen, unordered } = await walked('conversations', pages, pagesAtATime);
    expect(seen).toEqual(['old and active', 'older and active', 'new', 'old']);
    expect(unordered).toEqual([]);
  }
});

test('Of conversations the newest may come first, also if they do not say when they changed.', async () => {
  const { seen, unordered } = await walked('conversations', [
    [conversation('a', 1)],
    [conversation('b', 7)],
    [conversation('c', 9)],
    [conversation('d', 10)],
  ]);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(unordered).toEqual([]);
});

test('What was created at nearly the same time may come in any order.', async () => {
  const second = 1 / 3600;
  const { seen, unordered } = await walked('messages', [
    [message('a', 1), message('b', 1 - second)],
    [message('c', 8 + second), message('d', 9)],
    [message('e', 9 - 3 * second), message('f', 9)],
    [message('g', 10)],
  ]);
  expect(seen).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(unordered).toEqual([]);
});

test('The oldest first is noticed on a page of messages that were created within seconds.', async () => {
  const page = Array.from({ length: 100 }, (_, index) => message(`m${index}`, 100 - index / 3_600_000));
  const { seen, unordered } = await walked('messages', [page, [message('new', 7)]]);
  expect(seen).toContain('new');
  expect(unordered).toEqual(['messages']);
});
