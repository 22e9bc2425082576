import { schemes } from '../../lambda/zavu/signature.ts';
import { type ConformanceTarget, conformance } from '../../testing/conformance/conformance.ts';
import { type SomeWebhook, someWebhook } from './some-webhook.ts';

const secrets = ['whsec_first_9f3a2b1c', 'whsec_second_77aa01'] as const;
const policy = { accepted: schemes, toleranceSeconds: 300, futureToleranceSeconds: 60 };

/** Runs every behaviour. Gives what failed: its name, and the sentence. */
async function judge(
  webhook: SomeWebhook,
  target: Partial<ConformanceTarget> = {},
): Promise<{ count: number; failed: ReadonlyMap<string, string> }> {
  // A busy machine may take seconds for an answer.
  const all = conformance({ url: webhook.url, secrets, patienceMs: 60_000, ...target });
  const waiting = [...all];
  const failed = new Map<string, string>();
  const judgeOneByOne = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, run } = next;
      await run().catch((error: unknown) => {
        failed.set(name, error instanceof Error ? error.message : 'no Error');
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: 8 }, judgeOneByOne));
    // In the order in which they are listed, and not in which they ended.
    const inOrder = all.flatMap(({ name }) => {
      const sentence = failed.get(name);
      return sentence === undefined ? [] : [[name, sentence] as const];
    });
    return { count: all.length, failed: new Map(inOrder) };
  } finally {
    await webhook.close();
  }
}

/** What failed, without the case: `event id`. */
const groupsOf = (failed: ReadonlyMap<string, string>, groups: readonly string[]) =>
  groups.filter((group) => [...failed.keys()].some((name) => name.startsWith(group)));

test('a webhook that does what the contract says passes, with its exact answers too', async () => {
  const { count, failed } = await judge(await someWebhook(secrets), { answers: 'exact' });
  expect([...failed]).toEqual([]);
  expect(count).toBeGreaterThan(230);
});

test('a webhook that answers in other words passes by its status, and fails by exact answers', async () => {
  const plainly = () =>
    someWebhook(secrets, {}, ({ status }) => ({ status, body: status < 300 ? 'ok' : 'no' }));
  expect([...(await judge(await plainly())).failed]).toEqual([]);
  const { failed, count } = await judge(await plainly(), { answers: 'exact' });
  // A path that is not found needs no words.
  expect(failed.size).toBeGreaterThan(count - 10);
  expect(failed.get('signature header that is missing is refused as missing_signature')).toBe(
    'The answer must be 401 missing_signature, and a message. It was 401 without JSON.',
  );
});

describe('what is wrong is found, and a sentence says it:', () => {
  test('a webhook that takes everything', async () => {
    const { failed } = await judge(await someWebhook(secrets, {}, () => ({ status: 204, body: '' })));
    const groups = [
      'signature header',
      'a body that is not',
      'freshness',
      'signing secret',
      'size of an event',
    ];
    expect(groupsOf(failed, groups)).toEqual(groups);
    expect(failed.get('signing secret that is right but for its prefix is refused')).toBe(
      'The answer must be 4xx (invalid_signature). It was 204 without JSON.',
    );
  });

  test('a webhook that refuses everything', async () => {
    const { failed, count } = await judge(
      await someWebhook(secrets, {}, () => ({ status: 403, body: '{"error":"no"}' })),
    );
    // What is refused by a right one stays.
    expect(failed.size).toBeGreaterThan(count / 2);
    expect(failed.get('duplicates six deliveries of an event at once: it is handled once')).toBe(
      'The answer must be 2xx. It was 403 {"error":"no"}.',
    );
  });

  test('a webhook that does not look at the time of a signature', async () => {
    const { failed } = await judge(
      await someWebhook(secrets, { policy: { ...policy, toleranceSeconds: 86_400 } }),
    );
    expect([...failed.keys()]).toEqual([
      'freshness of a v1 signature by its time a second after it was too old: it is refused',
      'freshness of a v2 signature by its time a second after it was too old: it is refused',
    ]);
  });

  test('a webhook that fails at what is no event, as parsers do', async () => {
    const { failed } = await judge(
      await someWebhook(secrets, {}, (reply, { body, isBase64Encoded }) => {
        const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? '');
        try {
          JSON.parse(text);
          return reply;
        } catch {
          return { status: 500, body: '' };
        }
      }),
      { patienceMs: 50 },
    );
    const [name, sentence] = [...failed].find(([each]) => each.includes('JSON that is cut short')) ?? [];
    expect(name).toBe(
      'a signed body that is no event is taken and unrouted as unreadable: JSON that is cut short',
    );
    expect(sentence).toBe('Waited 50 ms in vain for an answer below 500; the last was 500 without JSON');
  });

  test('a webhook that takes v1 beside v2, although it says that it does not', async () => {
    const { failed } = await judge(await someWebhook(secrets), { accepted: ['v2'] });
    expect([...failed.keys()]).toEqual([
      "a target with acceptedSignatures: ['v2'] refuses a request that is signed with v1",
      "a target with acceptedSignatures: ['v2'] refuses a request that is signed with sha256",
      "a target with acceptedSignatures: ['v2'] refuses a request with v1+v2 from which v2 was taken away",
    ]);
  });
});

describe('what is asked', () => {
  const namesFor = (target: Partial<ConformanceTarget>) =>
    conformance({ url: 'http://127.0.0.1:9/', secrets, ...target }).map(({ name }) => name);

  test('has one name each, and nothing is sent before it runs', () => {
    const names = namesFor({});
    expect(new Set(names).size).toBe(names.length);
  });

  test('is what the target promises', () => {
    const [all, v2, one] = [
      namesFor({}),
      namesFor({ accepted: ['v2'] }),
      namesFor({ secrets: [secrets[0]] }),
    ];
    expect(all.filter((name) => /signed with (v1|sha256)$/.test(name))).toEqual([]);
    expect(all.filter((name) => name.includes('answered 404'))).toEqual([]);
    expect(v2.filter((name) => name.startsWith('freshness of a sha256'))).toEqual([]);
    expect(v2.filter((name) => name.startsWith('a target with'))).toHaveLength(5);
    expect(all.filter((name) => !one.includes(name))).toEqual([
      'signing secret of a list that stands second is accepted as the first is',
    ]);
    expect(() => namesFor({ accepted: [] })).toThrow('A target must accept one signature scheme at least.');
  });

  test('asks for the URL once, and when the first of it runs', async () => {
    const webhook = await someWebhook(secrets);
    const url = jest.fn(async () => webhook.url);
    const [first, second] = conformance({ url, secrets }).filter(({ group }) => group === 'event type');
    expect(url).not.toHaveBeenCalled();
    await first?.run();
    await second?.run();
    expect(url).toHaveBeenCalledTimes(1);
    await webhook.close();
  });
});
