import { runCommand } from '../../support/command.ts';
import { deadLetters } from './harness.ts';

describe('a command of dead letters', () => {
  test('that is given wrongly ends with 2, and one that cannot be done with 1: both say why', async () => {
    expect(await deadLetters('redrive')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Say which dead letters'),
    });
    expect(await runCommand('dead-letters', [], { stateFile: '/nowhere' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npx zavu-webhooks start'),
    });
    expect(await deadLetters('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Exit code'),
    });
  });
});
