import { behaviours, takesV2Alone } from '../behaviour.ts';
import { inbound } from '../test-events.ts';

export const v2AloneBehaviours = behaviours("a target with acceptedSignatures: ['v2']", (behaviour) => {
  for (const scheme of ['v2', 'v1+v2'] as const) {
    behaviour(
      `takes a request that is signed with ${scheme}`,
      async (judge) => {
        const event = inbound();
        await judge.handled(await judge.post(event, { scheme }), event);
      },
      takesV2Alone,
    );
  }

  for (const scheme of ['v1', 'sha256'] as const) {
    behaviour(
      `refuses a request that is signed with ${scheme}`,
      async (judge) => {
        const event = inbound();
        judge.refused(await judge.post(event, { scheme }), 401, 'invalid_signature', event.id);
      },
      takesV2Alone,
    );
  }

  behaviour(
    'refuses a request with v1+v2 from which v2 was taken away',
    async (judge) => {
      const event = inbound();
      const signature = judge.signed(event, { scheme: 'v1+v2' }).replace(/,v2=.*/, '');
      judge.refused(await judge.post(event, { signature }), 401, 'invalid_signature', event.id);
    },
    takesV2Alone,
  );
});
