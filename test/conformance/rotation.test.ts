import { setTimeout as sleep } from 'node:timers/promises';
import { minSecretRefreshMs } from '../../lambda/receiver/secrets.ts';
import { inbound } from '../../testing/conformance/test-events.ts';
import { eventually } from '../support/eventually.ts';
import { describeFor } from '../support/needs.ts';
import { lookBehind, useTarget } from './harness.ts';
import { needs } from './needs.ts';

// A target of its own: another test's request could bring the secret to one execution environment and not to another.
const target = useTarget();

describeFor(needs.secretToReplace, 'a signing secret that is replaced while the target runs', () => {
  test('is taken up without a restart, and the old one is refused from then on', async () => {
    const { judge } = target;
    const [old, secret, event] = [judge.secret, 'whsec_rotated_51', inbound()];
    judge.refused(await judge.post(event, { secret }), 401, 'invalid_signature');
    await lookBehind(target, async (stack) => {
      await stack.rotate(secret);
      // An execution environment asks the store at most this often, so that until then it may refuse what is right.
      await sleep(minSecretRefreshMs);
      await eventually(
        async () => (await judge.post(event, { secret })).status === 200,
        () => 'the new secret to be taken up',
      );
      await stack.until(event.id, ['handled']);
      await eventually(
        async () => (await judge.post(inbound(), { secret: old })).status === 401,
        () => 'the end of the old secret',
      );
    });
  });
});
