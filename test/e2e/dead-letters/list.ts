import { orders } from '../orders.ts';
import { deadLetters, hidden, listed, listedIds } from './harness.ts';
import { fail } from './kept-messages.ts';

describe('list', () => {
  test('groups what failed by worker, reason, error and place, and names a command that redrives a group', async () => {
    const thrown = await fail(orders.throw, 2);
    await fail(orders.refuse, 1);
    await fail(orders.refuse, 1, 'message.sent');
    const code = expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{12}$/)]);
    const { groups, scans } = await listed();
    expect(groups).toMatchObject([
      {
        worker: 'inbound',
        reason: 'attempts_exhausted',
        error: 'Error',
        place: expect.stringMatching(/^[\w.-]+\.mjs:\d+:\d+$/),
        count: 2,
        types: { 'message.inbound': 2 },
        codeVersions: code,
      },
      { worker: 'inbound', reason: 'permanent_failure', error: 'PermanentFailure', count: 1 },
      { worker: 'delivery', reason: 'permanent_failure', types: { 'message.sent': 1 } },
    ]);
    expect(scans).toContainEqual(expect.objectContaining({ queue: 'inbound', seen: 3, complete: true }));

    const { code: exit, stdout } = await deadLetters('--details');
    expect(exit).toBe(0);
    expect(stdout).toContain('inbound: 3 dead letters');
    for (const { id } of thrown) expect(stdout).toContain(id);

    // The command that it names does what it says.
    const [, args = ''] =
      stdout.match(
        /npx zavu-webhooks dead-letters (redrive --worker inbound --reason attempts_exhausted .*)/,
      ) ?? [];
    expect((await deadLetters(...args.split(' '), '--dry-run')).stdout).toContain('2 dead letters would be');
  });

  test('sees each of many dead letters once, and hides none from the next reader', async () => {
    const events = await fail(orders.refuse, 25);
    const all = events.map(({ id }) => id).sort();
    expect(await listedIds()).toEqual(all);
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    expect(await listedIds()).toEqual(all);
    expect(await listedIds('--id', all[3] ?? '', '--from', '1h')).toEqual([all[3]]);
    const { scans } = await listed('dead-letters', '--worker', 'inbound');
    expect(scans).toMatchObject([{ complete: true }]);
    const limited = await listed('dead-letters', '--limit', '12', '--worker', 'inbound');
    expect(limited.scans).toMatchObject([{ seen: 12, complete: false }]);
    expect(await listedIds()).toEqual(all);
  });
});
