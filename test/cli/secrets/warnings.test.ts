import { warningsOf } from '../../../cli/secrets/warnings.ts';
import type { SigningSecret } from '../../../lambda/zavu/signing-secret.ts';

const now = Date.parse('2026-11-01T12:00:00Z');
const some = (count: number, more: Partial<SigningSecret> = {}): SigningSecret[] =>
  Array.from({ length: count }, (_, index) => ({ secret: `whsec_9f3a2b1c_${index}`, ...more }));

test.each([
  ['as Zavu issues them', 'whsec_9f3a2b1c77aa01', 0],
  ['in base64', 'whsec_AAAAAAAA+/==', 0],
  ['without its prefix', '9f3a2b1c77aa019f3a2b1c77aa01', 1],
  ['an API key', 'zv_live_9f3a2b1c77aa01', 1],
  ['the prefix alone twice', 'whsecwhsec9f3a2b1c77aa01', 1],
  ['unexpanded', 'whsec_$SECRET_OF_MINE', 1],
])('a secret %s', (_case, secret, warnings) => {
  const list = [...some(1), { secret, name: 'Chile' }];
  expect(warningsOf(list, now)).toHaveLength(warnings);
  for (const warning of warningsOf(list, now)) {
    expect(warning).toContain(`…${secret.slice(-4)} (Chile) does not look like`);
    expect(warning).not.toContain(secret);
  }
});

test('a list with more unbound secrets than the receiver always tries for a large event', () => {
  const ended = some(1, { secret: 'whsec_ended_9f3a2b1c', expiresAt: '2026-11-01T11:00:00Z' });
  expect(warningsOf([...some(127), ...ended, ...some(127, { name: 'twice' })], now)).toEqual([]);
  expect(warningsOf(some(500, { sender: 'snd_a' }), now)).toEqual([]);
  expect(warningsOf(some(128), now)).toEqual([
    expect.stringMatching(/^128 secrets are not bound, and the receiver tries at most 127 of them/),
  ]);
});
