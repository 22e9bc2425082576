import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { itemsIn, type ProgressTable, progressKey } from './partition.ts';

/** The senders of a project whose webhook was once seen to point at this deployment. */
export interface KnownSenders {
  senders(projectId: string): Promise<readonly string[]>;
  rememberSender(projectId: string, senderId: string): Promise<void>;
  forgetSender(projectId: string, senderId: string): Promise<void>;
}

const prefix = 'sender#';

export function createKnownSenders(table: ProgressTable): KnownSenders {
  const { client, tableName: TableName } = table;
  const keyOf = (projectId: string, senderId: string) => progressKey(projectId, `${prefix}${senderId}`);
  return {
    async senders(projectId) {
      const items = await itemsIn(table, { projectId, first: prefix, last: `${prefix}\u{10ffff}` });
      return items.map(({ senderId }) => String(senderId));
    },
    async rememberSender(projectId, senderId) {
      const Item = marshall({ ...keyOf(projectId, senderId), senderId });
      await client.send(new PutItemCommand({ TableName, Item }));
    },
    async forgetSender(projectId, senderId) {
      const Key = marshall(keyOf(projectId, senderId));
      await client.send(new DeleteItemCommand({ TableName, Key }));
    },
  };
}
