import { readFileSync, writeFileSync } from 'node:fs';
import { orders } from '../orders.ts';
import { deadLetters, keptIds, stack } from './harness.ts';
import { fail } from './kept-messages.ts';

describe('export', () => {
  test('into a file that exists: it ends with 2 and changes neither; into a new one, all are written and stay', async () => {
    await fail(orders.refuse, 2);
    const file = `${stack.stateFile}.taken.jsonl`;
    writeFileSync(file, 'mine');
    for (const args of [
      ['discard', '--all', '--yes', '--export', file],
      ['export', file],
    ]) {
      expect(await deadLetters(...args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('another file'),
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await keptIds()).toHaveLength(2);
    expect(await deadLetters('export', `${file}.other`)).toMatchObject({ code: 0 });
    expect(readFileSync(`${file}.other`, 'utf8').split('\n').filter(Boolean)).toHaveLength(2);
    expect(await keptIds()).toHaveLength(2);
  });
});
