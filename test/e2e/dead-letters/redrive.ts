import { claimKey } from '../../../lambda/idempotency/claim-key.ts';
import { runCommand } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';
import { interceptSqs } from '../../support/intercepted-sqs.ts';
import { inbound } from '../../support/webhook.ts';
import { orders } from '../orders.ts';
import { deadLetters, kept, keptIds, listed, stack } from './harness.ts';
import { fail, keep, large } from './kept-messages.ts';
import { attributesOf, queueWithoutWorker } from './queue-without-worker.ts';

describe('redrive', () => {
  test('sends one dead letter, some or all of them to their workers, and with --dry-run none', async () => {
    const events = await fail(orders.refuseUntilFixed, 4);
    const [one, other] = events.map(({ id }) => id);
    const others = await fail(orders.refuseUntilFixed, 2, 'template.approved');
    stack.fix();
    const messageIds = async () => (await kept()).map(({ messageId }) => messageId).sort();
    const before = await messageIds();
    expect((await deadLetters('redrive', '--all', '--dry-run')).stdout).toMatch(
      /4 .* would be[\s\S]*2 .* would be/,
    );
    expect(await messageIds()).toEqual(before);
    expect(stack.effects(one ?? '')).toHaveLength(0);

    await deadLetters('redrive', '--id', one ?? '');
    await stack.until(one ?? '', ['handled']);
    expect(await keptIds()).not.toContain(one);
    expect(await keptIds()).toContain(other);

    await deadLetters('redrive', '--type', 'template.approved', '--reason', 'permanent_failure');
    for (const { id } of others) await stack.until(id, ['handled']);
    expect((await kept()).map(({ type }) => type)).toEqual(Array(3).fill('message.inbound'));

    const { code, stdout } = await deadLetters('redrive', '--all');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 dead letters redriven'),
    });
    for (const { id } of [...events, ...others]) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toMatchObject([
        { attempt: 1, idempotencyKey: claimKey(inbound('', id), undefined) },
      ]);
    }
    expect(await keptIds()).toEqual([]);
  });

  test('of dead letters that fail again: each comes back once, and is not sent again by the same run', async () => {
    const events = await fail(orders.refuse, 12);
    const before = await kept();
    const earlierOf = (id: string) => before.filter((message) => message.id === id).length;
    const isBack = (id: string) => stack.of(id, 'dead_lettered').length > earlierOf(id);
    const meant = stack.ready.outputs.InboundDeadLetterQueueUrl;
    let [receives, sent] = [0, 0];
    const sqsCalls = await interceptSqs(stack, async ({ operation, queueUrl }) => {
      if (operation === 'SendMessage') sent++;
      // SQS gives out ten at once. The command gets at the others when the first have failed again, and are back.
      if (operation === 'ReceiveMessage' && queueUrl === meant && ++receives === 2) {
        await eventually(
          () => events.filter(({ id }) => isBack(id)).length === sent,
          () => `the return of ${sent} events`,
        );
      }
      return true;
    });
    const { code, stderr } = await runCommand('dead-letters', ['redrive', '--all'], sqsCalls);
    await sqsCalls.stop();
    expect(code).toBe(0);
    expect(stderr).toContain('added meanwhile');
    for (const { id } of events) await stack.until(id, ['dead_lettered'], 1 + earlierOf(id));
    const earlier = before.map(({ messageId }) => messageId);
    for (const { messageId } of await kept()) expect(earlier).not.toContain(messageId);
    expect(await keptIds()).toEqual(events.map(({ id }) => id).sort());
    for (const { id } of events) expect(stack.of(id, 'dead_lettered')).toHaveLength(1 + earlierOf(id));
  });

  test('with --limit: ends with 1 while a dead letter is left, and with 0 if it took the last', async () => {
    const { stateFile } = await queueWithoutWorker();
    await fail(orders.refuse, 3);
    const redrive = (limit: string) =>
      runCommand('dead-letters', ['redrive', '--all', '--limit', limit], { stateFile });
    expect(await redrive('2')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('inbound: only 2 were looked at (--limit 2); there may be more.'),
    });
    const last = await redrive('1');
    expect(last).toMatchObject({ code: 0, stdout: '1 dead letter redriven to the inbound worker.\n' });
    expect(last.stderr).not.toContain('there may be more');
  });

  test('sends an event as it first came: the same body, in the group of its project, and says that it is sent again', async () => {
    const { stateFile, receive } = await queueWithoutWorker();
    const [event] = await fail(orders.refuse);
    expect(await runCommand('dead-letters', ['redrive', '--all'], { stateFile })).toMatchObject({ code: 0 });
    const messages = await receive();
    expect(messages).toMatchObject([
      { Body: JSON.stringify(event), Attributes: { MessageGroupId: 'prj_1' } },
    ]);
    expect(attributesOf(messages[0])).toEqual({ resent: 'redrive' });
  });

  test.each(['dead-letters', 'unrouted'] as const)(
    'of %s: a large event without a timestamp stays compressed, and keeps the time of its receipt',
    async (command) => {
      const { stateFile, receive } = await queueWithoutWorker();
      const { event, body, encoding } = large('hello');
      const lasting = { encoding, receivedAt: '1795806403005' };
      const output = command === 'unrouted' ? 'UnroutedQueueUrl' : 'InboundDeadLetterQueueUrl';
      await keep(output, body, { ...lasting, reason: 'unknown_type', attempts: '5' });
      const { messages: found } = await listed(command, '--type', event.type);
      expect(found).toMatchObject([{ id: event.id, worker: 'inbound' }]);
      const id = ['--id', event.id];
      const shown = await runCommand(command, ['show', ...id, '--reveal', '--json'], stack);
      expect(shown.stdout).toMatch(/^[\x20-\x7e]+\n$/);
      expect(JSON.parse(shown.stdout)).toMatchObject([
        { encoding, body: JSON.stringify(event), bodyIs: 'text' },
      ]);
      expect(await runCommand(command, ['redrive', ...id], { stateFile })).toMatchObject({ code: 0 });
      const messages = await receive();
      expect(messages).toMatchObject([{ Body: body, Attributes: { MessageGroupId: 'prj_1' } }]);
      expect(attributesOf(messages[0])).toEqual({ ...lasting, resent: 'redrive' });
    },
  );
});
