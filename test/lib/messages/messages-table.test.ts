import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { createStack, environmentOf, resources, synthesizeStack } from '../../support/template.ts';

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

test('what reads the items may write none, and what keeps progress sees none', () => {
  const stack = createStack();
  const grantee = (id: string) =>
    new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  stack.zavu.messages?.grantKnown(grantee('Reader'));
  stack.zavu.messages?.grantProgress(grantee('Keeper'));
  const granted = Template.fromStack(stack);
  const [[tableId] = []] = resources(granted, 'AWS::DynamoDB::GlobalTable').filter(([id]) =>
    id.startsWith('Messages'),
  );
  const statement = (Action: unknown, keys: readonly string[]) => ({
    Action,
    Effect: 'Allow',
    Resource: { 'Fn::GetAtt': [tableId, 'Arn'] },
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  });
  const kinds = ['message', 'template', 'call', 'invitation', 'conversation', 'broadcast'];
  const actions = ['Delete', 'Get', 'Put', 'Update'].map((verb) => `dynamodb:${verb}Item`);
  for (const [role, expected] of [
    [
      'Reader',
      statement(
        'dynamodb:Query',
        kinds.map((kind) => `${kind}#*`),
      ),
    ],
    ['Keeper', statement(expect.arrayContaining([...actions, 'dynamodb:Query']), ['reconcile#*'])],
  ] as const) {
    const [[, policy] = []] = resources(granted, 'AWS::IAM::Policy').filter(([id]) => id.startsWith(role));
    expect(Object(policy?.Properties.PolicyDocument).Statement).toEqual([expected]);
  }
});
