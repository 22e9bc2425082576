import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type Projection,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import type { Assembly } from './assembly.ts';
import type { Resolve } from './resolve.ts';

interface IndexProperties {
  IndexName: string;
  KeySchema: KeySchemaElement[];
  Projection: Projection;
}

/** What the two types of tables share. They differ in how they write throughput, which nothing counts here. */
interface TableProperties {
  KeySchema: KeySchemaElement[];
  AttributeDefinitions: AttributeDefinition[];
  GlobalSecondaryIndexes?: IndexProperties[];
  LocalSecondaryIndexes?: IndexProperties[];
}

/**
 * Creates the template's tables that are not there yet, with their indexes.
 *
 * @returns their names
 * @throws Error naming a table that DynamoDB refuses, or that is there with other keys or indexes
 */
export async function createTables(
  dynamoDb: DynamoDBClient,
  assembly: Assembly,
  resolve: Resolve,
): Promise<string[]> {
  const tables = Object.entries(assembly.resources).filter(([, { Type }]) => /^AWS::DynamoDB::/.test(Type));
  return Promise.all(
    tables.map(async ([id, { Properties }]) => {
      const name = String(resolve({ Ref: id }));
      const wanted = definitionOf(resolve(Properties) as TableProperties);
      const present = await definitionPresent(dynamoDb, name);
      if (present === undefined) await create(dynamoDb, name, wanted);
      else if (summary(present) !== summary(wanted)) {
        throw new Error(
          `The table ${id} has other keys or indexes now. End the local run and start it again.`,
        );
      }
      return name;
    }),
  );
}

function definitionOf(properties: TableProperties): TableProperties {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } = properties;
  return {
    KeySchema,
    AttributeDefinitions,
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(withoutThroughput) }),
    ...(LocalSecondaryIndexes && { LocalSecondaryIndexes: LocalSecondaryIndexes.map(withoutThroughput) }),
  };
}

function withoutThroughput({ IndexName, KeySchema, Projection }: IndexProperties): IndexProperties {
  return { IndexName, KeySchema, Projection };
}

async function create(dynamoDb: DynamoDBClient, name: string, definition: TableProperties): Promise<void> {
  try {
    await dynamoDb.send(
      new CreateTableCommand({ TableName: name, ...definition, BillingMode: 'PAY_PER_REQUEST' }),
    );
  } catch (cause) {
    throw new Error(`DynamoDB refuses the table ${name}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

async function definitionPresent(
  dynamoDb: DynamoDBClient,
  name: string,
): Promise<Partial<TableProperties> | undefined> {
  try {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: name }));
    return Table as Partial<TableProperties> | undefined;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The keys of a table and of its indexes, in one order. */
function summary({
  KeySchema = [],
  GlobalSecondaryIndexes = [],
  LocalSecondaryIndexes = [],
}: Partial<TableProperties>): string {
  const keys = (schema: KeySchemaElement[]) =>
    schema
      .map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`)
      .sort()
      .join();
  const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
  return [
    keys(KeySchema),
    ...indexes.map((index) => `${index.IndexName} ${keys(index.KeySchema)}`).sort(),
  ].join('; ');
}
