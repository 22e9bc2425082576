import { senderSchemes } from '../../../lambda/zavu/sign.ts';
import { behaviours, hasSeveralSecrets } from '../behaviour.ts';
import { inbound } from '../test-events.ts';

export const secretBehaviours = behaviours('signing secret', (behaviour) => {
  for (const scheme of senderSchemes) {
    behaviour(`that the target does not know is refused, under ${scheme}`, async (judge) => {
      const event = inbound();
      const answer = await judge.post(event, { scheme, secret: 'whsec_stranger' });
      judge.refused(answer, 401, 'invalid_signature', event.id);
    });
  }

  behaviour('that is right but for its prefix is refused', async (judge) => {
    const event = inbound();
    const secret = judge.secret.replace(/^whsec_/, '_');
    judge.refused(await judge.post(event, { secret }), 401, 'invalid_signature', event.id);
  });

  behaviour(
    'of a list that stands second is accepted as the first is',
    async (judge) => {
      const event = inbound();
      await judge.handled(await judge.post(event, { secret: judge.target.secrets[1] ?? '' }), event);
    },
    hasSeveralSecrets,
  );
});
