import fc from 'fast-check';
import { runCommand, startCommand } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';
import { interceptSqs } from '../../support/intercepted-sqs.ts';
import { orders } from '../orders.ts';
import { deadLetters, hidden, keptIds, stack, useStack } from './harness.ts';
import { fail } from './kept-messages.ts';

useStack();

describe('a redrive that is cut short', () => {
  test('by Ctrl-C: it finishes the dead letters in hand, and releases the others at once', async () => {
    const events = await fail(orders.refuseUntilFixed, 15);
    stack.fix();
    const handled = () => events.filter(({ id }) => stack.of(id, 'handled').length > 0);
    let interrupt = () => {};
    let sent = 0;
    const sqsCalls = await interceptSqs(stack, ({ operation }) => {
      // With a dead letter in hand.
      if (operation === 'SendMessage' && ++sent === 1) interrupt();
      return true;
    });
    const redrive = startCommand('dead-letters', ['redrive', '--all', '--rate', '2'], sqsCalls);
    interrupt = () => redrive.process.kill('SIGINT');
    // And again once it says so, because npm passes on what the terminal has told the process already.
    redrive.process.stderr?.on('data', (chunk) => {
      if (String(chunk).includes('releasing the others')) interrupt();
    });
    expect(await redrive.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('releasing the others'),
    });
    await sqsCalls.stop();
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    const left = await keptIds();
    expect(left.length).toBeGreaterThan(0);
    await eventually(
      () => handled().length + left.length === events.length,
      () => 'each event in one place',
    );
    expect(handled().map(({ id }) => id)).not.toEqual(expect.arrayContaining([left[0]]));
  });

  test('by the end of who reads its output: it ends without a word, and gives everything back (report 16)', async () => {
    const events = await fail(orders.refuse, 12);
    const list = startCommand('dead-letters', ['--json'], { stateFile: stack.stateFile });
    list.process.stdout?.destroy();
    expect(await list.ended).toMatchObject({ code: 141, stderr: '' });
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    expect(await keptIds()).toEqual(events.map(({ id }) => id).sort());
  });

  test('by a refused send: the dead letter is not deleted, and is given back like the others', async () => {
    const events = await fail(orders.refuse, 14);
    const sqsCalls = await interceptSqs(stack, ({ operation }) => operation !== 'SendMessage');
    const { code, stderr } = await runCommand('dead-letters', ['redrive', '--all'], sqsCalls);
    await sqsCalls.stop();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Gave up[\s\S]*AccessDenied/),
    });
    expect(stderr).not.toContain('+569');
    expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
    expect(await keptIds()).toEqual(events.map(({ id }) => id).sort());
  });

  test('by a refused deletion: the event that was sent is handled once, and the next redrive sends a duplicate', async () => {
    const [event] = await fail(orders.refuseUntilFixed);
    const { id = '' } = event ?? {};
    stack.fix();
    const sqsCalls = await interceptSqs(stack, ({ operation }) => operation !== 'DeleteMessage');
    const { code, stderr } = await runCommand('dead-letters', ['redrive', '--all'], sqsCalls);
    await sqsCalls.stop();
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('could not be deleted'),
    });
    await stack.until(id, ['handled']);
    expect(await keptIds()).toEqual([id]);
    expect(await deadLetters('redrive', '--all')).toMatchObject({ code: 0 });
    await stack.until(id, ['duplicate']);
    expect(stack.effects(id)).toHaveLength(1);
    expect(await keptIds()).toEqual([]);
  });

  test('by a kill at any call: after the next redrive, each event was handled once', async () => {
    const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
    const rounds = killsOf(seed);
    const events = await fail(orders.refuseUntilFixed, 120);
    stack.fix();
    try {
      for (const round of rounds) await redriveKilledAt(round);
      expect(await deadLetters('redrive', '--all', '--rate', '500')).toMatchObject({ code: 0 });
      expect(await keptIds()).toEqual([]);
      expect(await hidden('InboundDeadLetterQueueUrl')).toBe(0);
      for (const { id } of events) await stack.until(id, ['handled']);
      expect(events.map(({ id }) => stack.effects(id).length)).toEqual(events.map(() => 1));
    } catch (error) {
      const kills = rounds.map(({ kind, at, reaches }) => `${kind} ${at}${reaches ? '' : ', which is lost'}`);
      throw new Error(`TEST_SEED=${seed} repeats it, killed at: ${kills.join('; ')}\n${error}`);
    }
  });
});

/** The call at which a redrive is killed. */
interface Kill {
  /** Which calls are counted. */
  kind: 'any' | 'DeleteMessage';
  /** Its number, from 1. */
  at: number;
  /** Whether SQS gets it still, as a call that was on its way. */
  reaches: boolean;
}

/** So few dead letters go in each round that those of the last one still make as many calls as it counts. */
function killsOf(seed: number): Kill[] {
  const kill = (kind: Kill['kind'], max: number): fc.Arbitrary<Kill> =>
    fc.record({ kind: fc.constant(kind), at: fc.integer({ min: 1, max }), reaches: fc.boolean() });
  return [
    ...fc.sample(kill('any', 24), { seed, numRuns: 8 }),
    // Between a send and its deletion, where a duplicate is left.
    ...fc.sample(kill('DeleteMessage', 7), { seed, numRuns: 3 }),
  ];
}

/** Redrives, and kills it at a call. What it held comes back at once, and not after its half minute. */
async function redriveKilledAt({ kind, at, reaches }: Kill): Promise<void> {
  let calls = 0;
  let kill: () => Promise<unknown> = async () => undefined;
  const sqsCalls = await interceptSqs(stack, async ({ operation }) => {
    if ((kind === 'any' || operation === kind) && ++calls === at) {
      await kill();
      return reaches;
    }
    // A command that is dead makes no more calls.
    return calls < at;
  });
  const redrive = startCommand('dead-letters', ['redrive', '--all', '--rate', '500'], sqsCalls);
  kill = () => {
    redrive.process.kill('SIGKILL');
    return redrive.ended;
  };
  const { code } = await redrive.ended;
  expect({ calls, code }).toEqual({ calls: expect.any(Number), code: null });
  await sqsCalls.stop();
  await sqsCalls.expire();
}
