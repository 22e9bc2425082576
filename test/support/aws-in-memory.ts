import { type AttributeValue, DynamoDBClient, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { workerEnv } from '../../lambda/worker/env.ts';
import { updatedItem } from './table-in-memory.ts';

type Input = Record<string, unknown>;
type Item = Record<string, AttributeValue>;

/** What functions ask of AWS, where nothing of it is there. */
export interface AwsInMemory {
  /** The items that were put or updated, as they were then, by the name of their table. */
  put: { table: string; item: Item }[];
  /** Calls of SQS, by the names of their commands. */
  sqs: { command: string; input: Input }[];
  /** What was printed. */
  lines: string[];
  /** Forgets all of this, and what its tables hold. */
  clear(): void;
  restore(): void;
}

/** The names of a worker's tables. */
export const tables = { claims: 'claims', messages: 'messages' } as const;

/**
 * Stands for DynamoDB and SQS in this process, and for what functions print to: for runs by the ten thousand, which the
 * emulators are too slow for. What a handler calls is there, but no rule of AWS's: the caller judges what was asked.
 *
 * Workers that are made afterwards, of `lambda/` as it is deployed, use it.
 */
export function awsInMemory(): AwsInMemory {
  process.env.AWS_REGION = 'us-east-1';
  for (const name of workerEnv) process.env[name] ??= '1';
  Object.assign(process.env, {
    MESSAGES_TABLE: tables.messages,
    MESSAGE_RETENTION_SECONDS: '86400',
    STORE_MESSAGE_CONTENT: 'true',
    IDEMPOTENCY_TABLE: tables.claims,
    QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/queue',
    DEAD_LETTER_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/dead',
  });
  const stored = new Map<string, Item>();
  const memory: Pick<AwsInMemory, 'put' | 'sqs' | 'lines'> = { put: [], sqs: [], lines: [] };
  const keyOf = ({ TableName, Key, Item }: Input) => {
    const { id, owner = '' } = unmarshall(Object(Key ?? Item));
    return JSON.stringify([TableName, id, owner]);
  };
  const spies = [
    jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(async (command) => {
      const input: Input = Object(command.input);
      const key = keyOf(input);
      if (command.constructor.name === 'GetItemCommand') return { Item: stored.get(key) };
      if (command.constructor.name === 'PutItemCommand') {
        const item: Item = Object(input.Item);
        memory.put.push({ table: String(input.TableName), item });
        stored.set(key, item);
      }
      if (command.constructor.name === 'UpdateItemCommand' && input.TableName === tables.messages) {
        const item = updatedItem(stored.get(key), command.input as UpdateItemCommandInput);
        memory.put.push({ table: tables.messages, item });
        stored.set(key, item);
      }
      return {};
    }),
    jest.spyOn(SQSClient.prototype, 'send').mockImplementation(async (command) => {
      memory.sqs.push({ command: command.constructor.name, input: Object(command.input) });
    }),
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      memory.lines.push(String(chunk));
      return true;
    }),
  ];
  return {
    ...memory,
    clear() {
      stored.clear();
      for (const list of [memory.put, memory.sqs, memory.lines]) list.length = 0;
    },
    restore() {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
