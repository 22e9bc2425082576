import { inbound, newId } from '../../testing/conformance/test-events.ts';
import type { ReportLine } from '../../testing/report-line.ts';
import { eventually } from '../support/eventually.ts';
import { describeFor } from '../support/needs.ts';
import { type Judged, lookBehind } from './harness.ts';
import { needs } from './needs.ts';

/** A secret of the local run that proves the events of one sender. */
export const boundSecret = { secret: 'whsec_bound_c0ffee', sender: 'snd_bound' };
const { secret, sender } = boundSecret;

/** What a target does that has the bound secret in its list. */
export function testBoundSecret(target: Judged): void {
  describeFor(needs.boundSecret, 'a secret that is bound to a sender', () => {
    test('proves an event of that sender', async () => {
      const event = { ...inbound(), senderId: sender };
      await target.judge.handled(await target.judge.post(event, { secret }), event);
    });

    test('does not prove an event of another sender, and the log says so', async () => {
      const event = { ...inbound(), senderId: 'snd_other' };
      const answer = await target.judge.post(event, { secret });
      target.judge.refused(answer, 401, 'invalid_signature', event.id);
      await lookBehind(target, (stack) => {
        // Its line comes after its answer, and other requests are refused meanwhile.
        const isOfBinding = ({ event, detail }: ReportLine) =>
          event === 'rejected' && detail === 'secret_bound_elsewhere';
        return eventually(
          () => stack.reports.some(isOfBinding),
          () => 'the line of the refusal',
        );
      });
    });

    test('takes an event that does not say whose it is to the unrouted ones: no handler gets it', async () => {
      for (const owner of [{}, { senderId: [sender] }, { senderId: 'x'.repeat(257) }]) {
        const event = { ...inbound(), ...owner };
        const answer = await target.judge.post(event, { secret });
        await target.judge.unrouted(answer, event.id, JSON.stringify(event), 'owner_unknown');
      }
    });

    test('takes what nobody can read to the unrouted events', async () => {
      const body = Buffer.from(`{"kind":"${newId()}"}`);
      await target.judge.unreadable(await target.judge.post(body, { secret }), body);
    });
  });
}
