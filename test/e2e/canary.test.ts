import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { canaryClaims, canaryType } from '../../lambda/routing/canary-event.ts';
import { credentialsOf } from '../../local/credentials.ts';
import { outcomes } from '../../testing/outcomes.ts';
import { eventually } from '../support/eventually.ts';
import { workerNames } from '../support/handlers.ts';
import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';

/** A busy machine may answer the canary 503, or late, which ends it; its next run is minutes later. */
const tries = 5;
const turnedAway = /The receiver answered 5\d\d|did not handle its event in time/;

/** Whoever can sign can send events of the canary's type, under any id. */
async function testSameId(stack: StartedStack): Promise<void> {
  const event = inbound('hello');
  for (const worker of ['inbound', 'account']) {
    await deliver(stack, { ...event, type: canaryType, data: { worker } });
  }
  await stack.until(event.id, ['handled', 'duplicate'], 2);
  await deliver(stack, event);
  await eventually(
    () => stack.effects(event.id).length === 1,
    () => `the side effect; there were ${outcomes(stack.of(event.id))}`,
  );
}

/** It may look at its own claims alone, and they are where it looks. */
async function testRights(stack: StartedStack): Promise<void> {
  const [queueUrl = ''] = Object.values(stack.ready.queues);
  const [{ function: name = '' } = {}] = stack.reports.filter(
    ({ event, function: name = '' }) => event === 'started' && name.startsWith('CanaryFunction'),
  );
  const dynamoDb = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: new URL(queueUrl).origin,
    // By which the local run knows the function.
    credentials: credentialsOf(name, stack.ready.credentials),
  });
  const look = (id: string) =>
    dynamoDb.send(
      new GetItemCommand({ TableName: stack.ready.outputs.IdempotencyTableName, Key: { id: { S: id } } }),
    );
  await look(`${canaryClaims}#0`);
  for (const id of ['zavu-event#0', `${canaryClaims}-other#0`, '0']) {
    await expect(look(id)).rejects.toThrow('is not authorized to perform: dynamodb:GetItem');
  }
  dynamoDb.destroy();
  expect(stack.takeDenied()).toEqual([
    expect.stringMatching(/:role\/CanaryFunctionRole\w+ is not authorized/),
  ]);
}

test('an event of the canary goes through every worker; no handler gets it, and no event of Zavu is taken for it', async () => {
  for (let time = 1; time <= tries; time++) {
    const stack = await StartedStack.start({ settings: { canary: 'true' } });
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
      await testSameId(stack);
      await testRights(stack);
      return;
    } finally {
      await stack.stop();
    }
  }
});
