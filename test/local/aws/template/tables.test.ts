import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  AttributeType,
  Billing,
  Capacity,
  type CfnTable,
  ProjectionType,
  Table,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { startDynamoDb } from '../../../../local/aws/dynamodb/dynamodb.ts';
import { createTables } from '../../../../local/aws/template/tables.ts';
import { assemblyOf } from '../../../support/assembly.ts';
import { anyCredentials } from '../../../support/credentials.ts';

const id = { name: 'id', type: AttributeType.STRING };
const email = { name: 'email', type: AttributeType.STRING };
const age = { name: 'age', type: AttributeType.NUMBER };

let emulator: Awaited<ReturnType<typeof startDynamoDb>>;
let client: DynamoDBClient;
beforeAll(async () => {
  emulator = await startDynamoDb();
  client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: emulator.endpoint,
    credentials: anyCredentials,
  });
});
afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

/** Creates the tables of a stack. */
function create(build: (stack: Stack) => void): Promise<string[]> {
  const stack = new Stack(new App(), 'Stack');
  build(stack);
  const { assembly, resolve } = assemblyOf(Template.fromStack(stack).toJSON().Resources);
  return createTables(client, assembly, resolve);
}

/** Puts one item, and finds it by an index. */
async function foundBy(TableName: string, IndexName: string, KeyConditionExpression: string) {
  const Item = { id: { S: '1' }, email: { S: 'a@b' }, age: { N: '7' } };
  await client.send(new PutItemCommand({ TableName, Item }));
  const values = { ':id': { S: '1' }, ':email': { S: 'a@b' }, ':age': { N: '7' } };
  const used = Object.entries(values).filter(([name]) => KeyConditionExpression.includes(name));
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      IndexName,
      KeyConditionExpression,
      ExpressionAttributeValues: Object.fromEntries(used),
    }),
  );
  return Items;
}

/** A table with an index of each kind. */
function customers(stack: Stack): Table {
  const table = new Table(stack, 'Customers', {
    tableName: 'customers',
    partitionKey: id,
    sortKey: email,
    readCapacity: 5,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  table.addGlobalSecondaryIndex({ indexName: 'byEmail', partitionKey: email, readCapacity: 3 });
  table.addLocalSecondaryIndex({
    indexName: 'byAge',
    sortKey: age,
    projectionType: ProjectionType.KEYS_ONLY,
  });
  return table;
}

test('a table has its own name and its indexes, whatever throughput they have', async () => {
  expect(await create(customers)).toEqual(['customers']);
  expect(await foundBy('customers', 'byEmail', 'email = :email')).toHaveLength(1);
  expect(await foundBy('customers', 'byAge', 'id = :id AND age = :age')).toHaveLength(1);
});

test('a table that is there stays, and with other indexes it is an error that says what to do', async () => {
  await create(customers);
  expect(await create(customers)).toEqual(['customers']);
  const changed = create((stack) =>
    customers(stack).addGlobalSecondaryIndex({ indexName: 'byAgeAlone', partitionKey: age }),
  );
  await expect(changed).rejects.toThrow(/Customers\w* has other keys or indexes now\. End the local run/);
});

test('a table that DynamoDB refuses is named', async () => {
  const refused = create((stack) => {
    const table = new Table(stack, 'Refused', { tableName: 'refused', partitionKey: id, sortKey: email });
    (table.node.defaultChild as CfnTable).attributeDefinitions = [];
  });
  await expect(refused).rejects.toThrow('DynamoDB refuses the table refused: ');
});

const capacities = {
  'on demand': Billing.onDemand(),
  provisioned: Billing.provisioned({
    readCapacity: Capacity.fixed(1),
    writeCapacity: Capacity.autoscaled({ maxCapacity: 2 }),
  }),
};

test.each(Object.entries(capacities))('a global table (%s) has its indexes', async (name, billing) => {
  const tableName = name.replace(' ', '');
  await create((stack) => {
    new TableV2(stack, 'Customers', {
      tableName,
      partitionKey: id,
      billing,
      globalSecondaryIndexes: [{ indexName: 'byEmail', partitionKey: email }],
    });
  });
  expect(await foundBy(tableName, 'byEmail', 'email = :email')).toHaveLength(1);
});
