import { environmentOf, resources, synthesizeStack } from '../../support/template.ts';

const template = synthesizeStack();

test('the table keeps its items for as long as the settings say', () => {
  template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'owner', KeyType: 'RANGE' },
    ],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
  const given = synthesizeStack({ messageRetentionDays: '7', storeMessageContent: 'true' });
  const delivery = resources(given, 'AWS::Lambda::Function').find(([id]) => id.startsWith('DeliveryWorker'));
  expect(environmentOf(delivery?.[1].Properties)).toMatchObject({
    MESSAGE_RETENTION_SECONDS: String(7 * 86_400),
    STORE_MESSAGE_CONTENT: 'true',
  });
});

test('the table leaves nothing behind if it is switched off', () => {
  const without = synthesizeStack({ messagesTable: 'false' });
  without.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  for (const [, { Properties }] of resources(without, 'AWS::Lambda::Function')) {
    expect(Object.keys(environmentOf(Properties))).not.toEqual(expect.arrayContaining(['MESSAGES_TABLE']));
  }
  expect(Object.keys(without.findOutputs('*'))).not.toContain('MessagesTableName');
});
