import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { EventType } from '../../lambda/zavu/catalogue.ts';
import { readEnvelope } from '../../lambda/zavu/envelope.ts';
import { exchange, type RawAnswer } from '../../testing/conformance/raw-http.ts';
import { signBytes } from '../../testing/conformance/signature.ts';
import { type Change, changesOf, hostileEvent } from '../fuzz/hostile-events.ts';
import { largeValues } from '../fuzz/hostile-values.ts';
import { judgeItem, judgeLine } from '../fuzz/passage.ts';
import { eventually } from '../support/eventually.ts';
import { routes } from '../support/handlers.ts';
import { StartedStack } from '../support/started-stack.ts';
import { untilAnswered } from '../support/webhook.ts';

/**
 * The events of test/lambda/hostile-events.test.ts, some hundreds of them: as they are posted, with the functions as they
 * are bundled, their queues and tables. A seed repeats them.
 */
const seed = Number(process.env.HOSTILE_SEED ?? 14);
const types = routes.types as EventType[];
const eventsPerType = 15;
const requestsAtOnce = 8;

let stack: StartedStack;
beforeAll(async () => {
  stack = await StartedStack.start({ settings: { storeMessageContent: 'true', messageRetentionDays: '1' } });
});
afterAll(() => stack.stop());

/** Posts what is signed. It is not confided: anything may be in it, even words that every log has. */
function post(body: Buffer): Promise<RawAnswer> {
  const { url, secret } = stack.ready;
  return untilAnswered(
    () => {
      const signature = signBytes(body, 'v2', secret, Math.floor(Date.now() / 1000));
      const headers = { 'content-type': 'application/json', 'x-zavu-signature': signature };
      return exchange(url, { headers, body });
    },
    () => String(stack.reports.findLast(({ line }) => line?.includes('webhook_failed'))?.line),
  );
}

test('events with anything in any field are handled, and what is stored and logged of them is within bounds', async () => {
  const all = types.flatMap((type, index) => {
    const changes: Change[][] = fc.sample(changesOf(type), { seed: seed + index, numRuns: eventsPerType });
    // By number, because what takes long is rare.
    const value = largeValues[index % largeValues.length] ?? '';
    const large: Change[] = [{ path: index % 2 ? 'data.messageId' : 'data.content', by: { value } }];
    return [...changes, large].map((each, run) => ({
      name: `${type} ${JSON.stringify(each)}, of seed ${seed}`,
      text: hostileEvent(type, `evt_hostile_${index}_${run}`, each),
    }));
  });
  expect(all.length).toBeGreaterThan(300);

  const waiting = [...all];
  const answers: { name: string; text: string; answer: RawAnswer }[] = [];
  const sendInTurn = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      answers.push({ ...next, answer: await post(Buffer.from(next.text)) });
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, sendInTurn));
  for (const { name, text, answer } of answers) {
    expect({ name, status: answer.status }).toEqual({ name, status: 200 });
    const { id = '' }: { id?: string } = Object(answer.body);
    expect({ name, id: readEnvelope(text, Date.now())?.event.id ?? id }).toEqual({ name, id });
  }
  await stack.drained();

  const outcomes = (event: string) => stack.reports.filter((report) => report.event === event);
  // One for each id; those whose id was made another's are duplicates of that.
  const ended = () =>
    ['handled', 'duplicate', 'dead_lettered', 'unrouted'].flatMap((event) => outcomes(event)).length;
  // A report takes another way than an answer of a queue, and may come after it.
  await eventually(
    () => ended() >= all.length,
    () => `the ends of ${all.length} events: ${ended()} are reported`,
  );
  const deadLetters = outcomes('dead_lettered').map(({ id, reason, error }) => ({ id, reason, error }));
  expect(deadLetters.filter(({ reason }) => reason !== 'permanent_failure')).toEqual([]);
  expect(outcomes('failed')).toEqual([]);
  expect(ended()).toBeGreaterThanOrEqual(all.length);
  expect(outcomes('handled').length).toBeGreaterThan(all.length / 2);

  for (const { event, line } of stack.reports) {
    if (line !== undefined && ['log', 'metrics'].includes(event)) judgeLine(line);
  }
  for (const report of stack.reports) expect(JSON.stringify(report).length).toBeLessThan(10_000);

  const { endpoints, outputs } = stack.ready;
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: 'us-east-1',
    credentials: stack.ready.credentials,
  });
  let items = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName: outputs.MessagesTableName })) {
    for (const item of Items) judgeItem('messages', item);
    items += Items.length;
  }
  client.destroy();
  expect(items).toBeGreaterThan(20);
});
