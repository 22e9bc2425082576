import { orders } from '../orders.ts';
import { deadLetters } from './harness.ts';
import { fail } from './kept-messages.ts';

describe('show', () => {
  test('as list does, prints what customers wrote only if --reveal is given', async () => {
    const [event] = await fail(orders.refuse);
    const { id = '' } = event ?? {};
    const concealed = [
      await deadLetters(),
      await deadLetters('--details', '--json'),
      await deadLetters('show', '--id', id),
    ];
    for (const { code, stdout, stderr } of concealed) {
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/\+569|No such customer|refuse/);
    }
    expect((await deadLetters('--reveal')).stdout).toContain('No such customer: +56912345678');
    const revealed = await deadLetters('show', '--id', id, '--reveal', '--json');
    const [shown] = JSON.parse(revealed.stdout);
    expect(JSON.parse(shown.body)).toEqual(event);
    for (const verb of ['list', 'show', 'redrive']) {
      expect(await deadLetters(verb, '--id', 'evt_none')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('No dead letter of that id was found.'),
      });
    }
  });
});
