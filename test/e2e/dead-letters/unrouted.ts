import { readFileSync } from 'node:fs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { messageAttributes } from '../../../lambda/queued-event/queue-message.ts';
import { maxEventBytes } from '../../../lambda/queued-event/size.ts';
import { packBytes } from '../../../lambda/queued-event/text.ts';
import { idOfBytes } from '../../../lambda/zavu/envelope.ts';
import { deliver, inbound, post } from '../../support/webhook.ts';
import { listed, ofSender, sqs, stack, unrouted } from './harness.ts';
import { keep, keepUnrouted } from './kept-messages.ts';

/** What it binds an event to. */
const bound = [{ sender: ofSender.sender }];

describe('unrouted', () => {
  test('redrive: an event whose type is routed now goes to its worker; any other stays, and is named', async () => {
    const unknown = { ...inbound('hello'), type: 'message.reaction' };
    await post(stack, unknown);
    await stack.until(unknown.id, ['unrouted']);
    // As if it had been unrouted before its type was routed.
    const known = inbound('hello');
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: stack.ready.outputs.UnroutedQueueUrl,
        MessageBody: JSON.stringify(known),
      }),
    );
    const { groups } = await listed('unrouted');
    expect(groups.map(({ worker, types }) => ({ worker, types }))).toEqual(
      expect.arrayContaining([
        { worker: 'inbound', types: { 'message.inbound': 1 } },
        { worker: 'none', types: { 'message.reaction': 1 } },
      ]),
    );
    const { code, stdout, stderr } = await unrouted('redrive', '--all');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '1 unrouted event redriven to the inbound worker.\n',
    });
    expect(stderr).toContain('no worker handles message.reaction');
    await stack.until(known.id, ['handled']);
    expect((await listed('unrouted')).messages.map(({ id }) => id)).toEqual([unknown.id]);
    expect(await unrouted('discard', '--worker', 'none', '--yes')).toMatchObject({ code: 0 });
    expect((await listed('unrouted')).messages).toEqual([]);
  });

  test('redrive: an event of unknown owner or age stays until that reason is named, and one of another owner for ever', async () => {
    const [nobodys, ageless, anothers, unsaid, mine] = [
      inbound('hello'),
      inbound('hello'),
      { ...inbound('hello'), senderId: 'snd_2' },
      inbound('hello'),
      { ...inbound('hello'), senderId: 'snd_1' },
    ];
    // As the receiver itself keeps it.
    await deliver(stack, nobodys, { secret: ofSender.secret });
    await stack.until(nobodys.id, ['unrouted']);
    expect(stack.of(nobodys.id, 'unrouted')[0]).toMatchObject({ reason: 'owner_unknown' });
    await keepUnrouted(ageless, { reason: 'age_unknown' });
    for (const event of [anothers, unsaid, mine])
      await keepUnrouted(event, { reason: 'unreadable', boundTo: bound });

    const { groups } = await listed('unrouted');
    expect(groups.map(({ worker, reason, stays, count }) => [worker, reason, stays, count])).toEqual(
      expect.arrayContaining([
        ['inbound', 'owner_unknown', 'owner_unknown', 1],
        ['inbound', 'age_unknown', 'age_unknown', 1],
        ['inbound', 'unreadable', 'bound_elsewhere', 1],
        ['inbound', 'unreadable', 'owner_unknown', 1],
        ['inbound', 'unreadable', undefined, 1],
      ]),
    );
    const all = await unrouted('redrive', '--all');
    expect(all).toMatchObject({ code: 0, stdout: '1 unrouted event redriven to the inbound worker.\n' });
    for (const why of [
      'whose it is, and a bound secret signed it. Look at it. If it is right, redrive with --reason owner_unknown.',
      '--reason unreadable --reason owner_unknown.',
      'how old it is',
      'another sender or project than the event names',
    ]) {
      expect(all.stderr).toMatch(new RegExp(`^1 unrouted event stays: .*${why}`, 'm'));
    }
    await stack.until(mine.id, ['handled']);

    expect(await unrouted('redrive', '--reason', 'age_unknown')).toMatchObject({ code: 0 });
    await stack.until(ageless.id, ['handled']);
    const named = await unrouted('redrive', '--reason', 'owner_unknown', '--reason', 'unreadable');
    expect(named).toMatchObject({ code: 0, stdout: '2 unrouted events redriven to the inbound worker.\n' });
    for (const { id } of [nobodys, unsaid]) await stack.until(id, ['handled']);
    expect((await listed('unrouted')).messages.map(({ id }) => id)).toEqual([anothers.id]);
    expect(stack.of(anothers.id)).toEqual([]);
  });

  test('an event that cannot be read is shown with its reason, encoding and binding, and exported as it is', async () => {
    const bytes = Buffer.from([0xff, 0x1b, 0x5b, 0x32, 0x4a]);
    const packed = packBytes(bytes, maxEventBytes);
    const facts = { encoding: packed?.encoding, reason: 'unreadable', boundTo: bound } as const;
    await keep('UnroutedQueueUrl', packed?.body ?? '', messageAttributes(facts));
    const text = '\u009b2J mañana';
    await keep('UnroutedQueueUrl', text, messageAttributes({ reason: 'unreadable' }));
    const id = idOfBytes(bytes);

    const concealed = await unrouted('show', '--id', id);
    expect(concealed.stdout).toMatch(
      /^reason +unreadable$[\s\S]*^encoding +base64$[\s\S]*^boundTo +sender snd_1$/m,
    );
    expect(concealed.stdout).not.toContain(bytes.toString('base64'));
    const revealed = await unrouted('show', '--id', id, '--reveal');
    expect(revealed.stdout).toContain(`no text. In base64:\n${bytes.toString('base64')}\n`);
    const other = await unrouted('show', '--id', idOfBytes(Buffer.from(text)), '--reveal');
    expect(other.stdout).toContain('\n\\u009b2J ma\\u00f1ana\n');

    const file = `${stack.stateFile}.unreadable.jsonl`;
    expect(await unrouted('discard', '--reason', 'unreadable', '--yes', '--export', file)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 unrouted events discarded'),
    });
    const written = readFileSync(file, 'utf8');
    expect(written).toMatch(/^[\x20-\x7e\n]+$/);
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          body: packed?.body,
          attributes: messageAttributes(facts),
          signed: { base64: bytes.toString('base64') },
        }),
        expect.objectContaining({ body: text, attributes: { reason: 'unreadable' } }),
      ]),
    );
    expect((await listed('unrouted')).messages).toEqual([]);
  });
});
