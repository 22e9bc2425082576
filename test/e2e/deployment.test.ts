import { StartedStack } from '../support/started-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';

test('behind aliases, for gradual deployments, events take the same way', async () => {
  const stack = await StartedStack.start({ settings: { gradualDeployment: 'true' } });
  try {
    const event = inbound('hello');
    await deliver(stack, event);
    await stack.until(event.id, ['handled']);
    expect(stack.effects(event.id)).toHaveLength(1);
  } finally {
    await stack.stop();
  }
});
