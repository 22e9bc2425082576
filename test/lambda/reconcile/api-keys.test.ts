import { command } from '../../../cli/secrets.ts';
import { parseApiKeys } from '../../../lambda/reconcile/api-keys.ts';

test('Keys are one a line, each once.', () => {
  expect(parseApiKeys('zv_live_a\r\n\n zv_live_b\nzv_live_a\n')).toEqual(['zv_live_a', 'zv_live_b']);
});

test.each(['', 'x7Y'.repeat(20), 'zv_live_a\nno key'])(
  'What holds no keys alone is refused, with the command that stores one: %j',
  (text) => {
    const verb = command.commands.find((each) => each.name() === 'api-key');
    expect(() => parseApiKeys(text)).toThrow(`\`npx zavu-webhooks ${command.name()} ${verb?.name()}\``);
  },
);
