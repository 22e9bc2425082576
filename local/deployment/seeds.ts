import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { isRecord, parseJson, withoutMark } from '../../lambda/shared/json.ts';
import type { Assembly } from '../aws/template/assembly.ts';
import type { Resolve } from '../aws/template/resolve.ts';

/** The folder of an app with its seeds: `<table or queue>.json`, an array of plain items or of bodies. */
const folder = join('local', 'seeds');

/** What a table or a queue of the user's begins with. */
export interface Seed {
  logicalId: string;
  type: 'table' | 'queue';
  /** Plain objects for a table. For a queue a text is a body as it stands, and all else becomes JSON. */
  entries: readonly unknown[];
}

/**
 * Reads the seeds of an app. A file is called as a table or a queue of the stack: by its logical id, without the hash
 * at its end if you like, or by the name that the template gives it.
 *
 * @param app the folder with cdk.json
 * @throws Error naming a file that fits nothing, or is no array
 */
export function readSeeds(app: string, assembly: Assembly, resolve: Resolve): Seed[] {
  const directory = join(app, folder);
  if (!existsSync(directory)) return [];
  const places = seedable(assembly, resolve);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const path = join(folder, file);
      const name = file.slice(0, -'.json'.length);
      const place = places.find(({ names }) => names.includes(name));
      if (!place) {
        const choices = places.map(({ names }) => names[0]).join(', ') || 'no table and no queue';
        throw new Error(`${path} fits no table or queue beside the webhooks. There is: ${choices}.`);
      }
      const { logicalId, type } = place;
      const entries = parseJson(withoutMark(readFileSync(join(directory, file), 'utf8')));
      if (!Array.isArray(entries)) throw new Error(`${path} is no array in JSON.`);
      if (type === 'table' && !entries.every(isRecord)) {
        throw new Error(`${path} has an entry that is no object. Each is an item of the table.`);
      }
      return { logicalId, type, entries };
    });
}

/** The tables and queues that are the user's own, with what a file may call them. */
function seedable({ resources, guests = new Set() }: Assembly, resolve: Resolve) {
  return Object.entries(resources).flatMap(([logicalId, { Type, Properties }]) => {
    const type = /^AWS::DynamoDB::(Global)?Table$/.test(Type)
      ? ('table' as const)
      : Type === 'AWS::SQS::Queue' && ('queue' as const);
    if (!guests.has(logicalId) || !type) return [];
    const own = resolve(Properties.TableName ?? Properties.QueueName);
    const names = [
      logicalId.replace(/[0-9A-F]{8}$/, ''),
      logicalId,
      ...(own === undefined ? [] : [String(own)]),
    ];
    return { logicalId, type, names };
  });
}

/**
 * Puts seeds into their tables and queues.
 *
 * @throws Error naming the table or queue that refuses one
 */
export async function plant(
  seeds: readonly Seed[],
  resolve: Resolve,
  { dynamoDb, sqs }: { dynamoDb: DynamoDBClient; sqs: SQSClient },
): Promise<void> {
  const documents = DynamoDBDocumentClient.from(dynamoDb);
  for (const { logicalId, type, entries } of seeds) {
    const target = String(resolve({ Ref: logicalId }));
    try {
      for (const entry of entries) {
        if (type === 'table') {
          await documents.send(new PutCommand({ TableName: target, Item: Object(entry) }));
        } else {
          await sqs.send(
            new SendMessageCommand({ QueueUrl: target, MessageBody: bodyOf(entry), ...fifo(target, entry) }),
          );
        }
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${logicalId} refuses an entry of its seeds: ${reason}`, { cause });
    }
  }
}

function bodyOf(entry: unknown): string {
  return typeof entry === 'string' ? entry : JSON.stringify(entry);
}

/** A FIFO queue asks for both. All seeds are one group, so that their order stays. */
function fifo(url: string, entry: unknown): { MessageGroupId?: string; MessageDeduplicationId?: string } {
  if (!url.endsWith('.fifo')) return {};
  return {
    MessageGroupId: 'seeds',
    MessageDeduplicationId: createHash('sha256').update(bodyOf(entry)).digest('hex'),
  };
}
