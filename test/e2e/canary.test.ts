import { workerNames } from '../../lambda/routes.ts';
import { eventually, LocalStack } from '../support/local-stack.ts';
import { outcomes } from '../support/outcomes.ts';

/** A busy machine may answer the canary 503, or late, which ends it; its next run is minutes later. */
const tries = 5;
const turnedAway = /The receiver answered 5\d\d|did not handle its event in time/;

test('the canary goes through every worker, and no handler sees it', async () => {
  for (let time = 1; time <= tries; time++) {
    const stack = await LocalStack.start({ settings: { canary: 'true' } });
    try {
      const lines = () =>
        stack.reports.flatMap(({ line = '' }) =>
          line.includes('"message":"canary"') ? [JSON.parse(line)] : [],
        );
      const failed = () =>
        stack.reports.some(({ event, reason = '' }) => event === 'failed' && turnedAway.test(reason));
      await eventually(
        () => lines().length === workerNames.length || (time < tries && failed()),
        () => `the canary's events; there were ${outcomes(stack.reports)}`,
      );
      if (time < tries && failed()) continue;
      expect(
        lines()
          .map(({ worker }) => worker)
          .sort(),
      ).toEqual([...workerNames].sort());
      for (const { id, worker } of lines()) {
        expect(stack.of(id, 'handled')).toMatchObject([{ worker, type: 'zavu-webhooks.canary' }]);
        expect(stack.effects(id)).toEqual([]);
      }
      const ofCanary = stack.granted.filter(({ principal }) => principal.includes('CanaryFunctionRole'));
      expect(ofCanary.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['dynamodb:GetItem', 'secretsmanager:GetSecretValue']),
      );
      return;
    } finally {
      await stack.stop();
    }
  }
});
