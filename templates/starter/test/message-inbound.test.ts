import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, sample } from 'zavu-webhooks/testing';
import { handler } from '../lambda/handlers/message-inbound.ts';

test('a message is handled, and its text is not logged', async () => {
  const event = sample('message.inbound', { text: 'Where is my order?' });

  const { outcome, logs } = await run(handler, event);

  assert.equal(outcome, 'handled');
  assert.equal(logs[0]?.messageId, event.data.messageId);
  assert.doesNotMatch(JSON.stringify(logs), /order/);
});
