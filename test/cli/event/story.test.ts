import { type LogLine, parseLogLine } from '../../../cli/event/log-line.ts';
import { filterPattern, loggedId } from '../../../cli/event/log-pattern.ts';
import { storyOf } from '../../../cli/event/story.ts';
import { parseFilterPattern } from '../../../local/aws/cloudwatch/filter-pattern.ts';

const at = Date.UTC(2026, 0, 31, 9);

/** A line of a log, some seconds after the first. */
function line(seconds: number, part: string, fields: object, message = 'event'): LogLine {
  return { at: at + seconds * 1_000, part, message, fields: { id: 'evt_1', ...fields }, others: {} };
}

const queued = line(2, 'Receiver', { outcome: 'queued', worker: 'inbound', ms: 1_500, project: 'prj_1' });
const retried = line(1, 'inbound', { outcome: 'retried', worker: 'inbound', retryInSeconds: 60 });
const handled = line(61, 'inbound', { outcome: 'handled', worker: 'inbound' });

describe('the story of an event', () => {
  test('is in the order in which things began, each line once, whatever the order of the logs', () => {
    const { lines, outcome, worker, projects, comesBackAt } = storyOf([
      handled,
      queued,
      retried,
      { ...handled },
    ]);
    expect(lines).toEqual([queued, retried, handled]);
    expect({ outcome, worker, projects }).toEqual({
      outcome: 'handled',
      worker: 'inbound',
      projects: ['prj_1'],
    });
    expect(comesBackAt).toBeUndefined();
  });

  test.each<[string, LogLine[], string | undefined]>([
    ['nothing', [], undefined],
    ['the receiver alone', [queued], 'queued'],
    ['a worker that retries', [queued, retried], 'retried'],
    ['a duplicate after it was handled', [handled, line(70, 'inbound', { outcome: 'duplicate' })], 'handled'],
    ['a duplicate alone', [queued, line(70, 'inbound', { outcome: 'duplicate' })], 'duplicate'],
    ['a redrive', [line(5, 'inbound', { outcome: 'dead_lettered' }), handled], 'handled'],
    ['Zavu once more', [handled, line(80, 'Receiver', { outcome: 'queued' })], 'handled'],
  ])('ends as the last decision says: %s', (_, lines, outcome) => {
    expect(storyOf(lines).outcome).toBe(outcome);
  });

  test('says when a retried event comes back', () => {
    expect(storyOf([queued, retried]).comesBackAt).toBe(at + 61_000);
  });

  test('takes what stands for a value that was not logged for no id', () => {
    const lines = [line(1, 'inbound', { messageId: '(object)' }), line(2, 'inbound', { messageId: 'msg_1' })];
    expect(storyOf(lines).messageIds).toEqual(['msg_1']);
  });
});

describe('a pattern for an id', () => {
  const long = 'a'.repeat(250);
  test.each(['evt_1', 'sha256:0a', 'a"b', 'quoted"evt_12"', 'back\\slash', 'in*side', '*', '"', '**"', long])(
    'matches the lines with %s',
    (id) => {
      const matches = parseFilterPattern(filterPattern('id', id));
      expect(matches({ id: loggedId(id) })).toBe(true);
      expect(matches({ messageId: loggedId(id) })).toBe(false);
    },
  );

  test('of ordinary characters matches no other', () => {
    const matches = parseFilterPattern(filterPattern('messageId', 'msg_1'));
    expect(matches({ messageId: 'msg_12' })).toBe(false);
  });
});

describe('a line of a log', () => {
  const parse = (fields: object, id = 'evt_1') =>
    parseLogLine(JSON.stringify(fields), 'inbound', 7, 'id', id);

  test('is about an id only if it is the whole of it', () => {
    expect(parse({ id: 'evt_1', message: 'event' })).toMatchObject({
      at: 7,
      part: 'inbound',
      message: 'event',
    });
    expect(parse({ id: 'a"b' }, 'a*b')).toBeUndefined();
    expect(parse({ id: 'evt_12' })).toBeUndefined();
    expect(parse({ id: `${'a'.repeat(200)}...` }, 'a'.repeat(250))).toBeDefined();
    expect(parseLogLine('START evt_1', 'inbound', 7, 'id', 'evt_1')).toBeUndefined();
  });

  test('that is not the logger’s own shows no text and no phone number among the known fields', () => {
    const parsed = parse({
      id: 'evt_1',
      timestamp: '2026-01-31T09:00:00.000Z',
      message: 'Ana wrote: hello',
      outcome: 'handled',
      reason: 'my number is +56912345678',
      channel: '+56912345678',
      text: 'hello',
    });
    expect(parsed).toMatchObject({ at, message: '(text)', fields: { outcome: 'handled', reason: '(text)' } });
    const { others, ...shown } = parsed ?? {};
    expect(JSON.stringify(shown)).not.toMatch(/Ana|hello|\+569/);
    expect(others).toEqual({ message: 'Ana wrote: hello', text: 'hello' });
  });
});
