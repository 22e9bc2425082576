import { existsSync, readFileSync, statSync } from 'node:fs';
import { runCommand } from '../../support/command.ts';
import { interceptSqs } from '../../support/intercepted-sqs.ts';
import { orders } from '../orders.ts';
import { deadLetters, keptIds, stack } from './harness.ts';
import { fail } from './kept-messages.ts';

describe('discard', () => {
  test('deletes nothing without a choice and --yes, and then only what was chosen', async () => {
    const events = await fail(orders.refuse, 2);
    expect(await deadLetters('discard', '--yes')).toMatchObject({ code: 2 });
    const unconfirmed = await deadLetters('discard', '--all');
    expect(unconfirmed).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await deadLetters('discard', '--all', '--dry-run')).stderr).toContain('2 dead letters');
    expect(await keptIds()).toHaveLength(2);
    const [first] = events.map(({ id }) => id);
    expect(await deadLetters('discard', '--id', first ?? '', '--yes')).toMatchObject({ code: 0 });
    expect(await keptIds()).toEqual([events[1]?.id]);
  });

  test('with --export: deletes only what is in the file already, and the file is for its owner alone', async () => {
    const events = await fail(orders.refuse, 13);
    const file = `${stack.stateFile}.dead-letters.jsonl`;
    const exported = () => readFileSync(file, 'utf8').split('\n').filter(Boolean);
    let deleted = 0;
    const ahead: boolean[] = [];
    const sqsCalls = await interceptSqs(stack, ({ operation }) => {
      if (operation === 'DeleteMessage') ahead.push(existsSync(file) && exported().length > deleted++);
      return true;
    });
    const { code, stdout } = await runCommand(
      'dead-letters',
      ['discard', '--all', '--yes', '--export', file],
      sqsCalls,
    );
    await sqsCalls.stop();
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${exported().length} dead letters discarded`),
    });
    expect(ahead).toEqual(exported().map(() => true));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = exported().map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ body }) => JSON.parse(body).id))).toEqual(
      new Set(events.map(({ id }) => id)),
    );
    expect(lines[0].attributes).toMatchObject({ reason: 'permanent_failure', attempts: '1' });
    expect(await keptIds()).toEqual([]);
  });
});
