import { workerNames } from '../../lambda/routes.ts';
import { eventually, LocalStack } from '../support/local-stack.ts';

test('the canary goes through every worker, and no handler sees it', async () => {
  const stack = await LocalStack.start({ settings: { canary: 'true' } });
  try {
    const lines = () =>
      stack.reports.flatMap(({ line = '' }) =>
        line.includes('"message":"canary"') ? [JSON.parse(line)] : [],
      );
    await eventually(
      () => lines().length === workerNames.length,
      () => `the canary's events; there were ${JSON.stringify(stack.reports)}`,
    );
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
  } finally {
    await stack.stop();
  }
});
