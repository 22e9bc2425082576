import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import updateItem from 'dynalite/actions/updateItem.js';
import { validateExpressions } from 'dynalite/validations/index.js';
import { largestItem } from './item-size.ts';
import { messagesTableKeys } from './messages-table.ts';

type Attributes = Record<string, AttributeValue>;

/**
 * The messages table within this process, for thousands of calls: dynalite parses and evaluates their expressions, as it does
 * behind its port. A refusal brings the item, as AWS's does and dynalite's does not, unless it is told otherwise.
 */
export class TableInMemory {
  readonly items = new Map<string, Attributes>();
  /** The calls so far, and whether each was refused. */
  readonly calls: string[] = [];
  readonly #bringsItem: boolean;

  constructor({ bringsItem = true } = {}) {
    this.#bringsItem = bringsItem;
  }

  /** Stands for the SDK's client. */
  get client(): DynamoDBClient {
    const send = async (command: unknown) => {
      // Others may be faster.
      await Promise.resolve();
      if (command instanceof UpdateItemCommand) return this.#update(command.input);
      if (!(command instanceof GetItemCommand)) throw new Error('The messages table is not called so.');
      this.calls.push('GetItem');
      const Item = this.items.get(keyOf(command.input.Key));
      return Item ? { Item } : {};
    };
    return { send } as unknown as DynamoDBClient;
  }

  #update(call: UpdateItemCommandInput): object {
    const key = keyOf(call.Key);
    const before = this.items.get(key);
    try {
      this.items.set(key, updatedItem(before, call));
      this.calls.push('UpdateItem');
      return {};
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      this.calls.push('UpdateItem, refused');
      if (!this.#bringsItem) delete error.Item;
      throw error;
    }
  }
}

/**
 * What UpdateItem makes of an item of the messages table.
 *
 * @throws ConditionalCheckFailedException with the item, if that is asked for
 */
export function updatedItem(before: Attributes | undefined, input: UpdateItemCommandInput): Attributes {
  // dynalite parses the expressions into the call.
  const call = structuredClone(input);
  const problem = validateExpressions(call);
  if (problem) throw new Error(problem);
  let after: Attributes = {};
  const itemDb = {
    lock: (_: unknown, locked: (release: <Done>(done: Done) => Done) => void) => locked((done) => done),
    get: (_: unknown, got: (error: Error | null, item?: Attributes) => void) =>
      before ? got(null, before) : got(Object.assign(new Error(), { name: 'NotFoundError' })),
    put: (_: unknown, item: Attributes, done: (error: null) => void) => {
      after = item;
      done(null);
    },
  };
  const store = {
    options: { maxItemSize: largestItem },
    getTable: (_: unknown, got: (error: null, found: object) => void) => got(null, messagesTableKeys),
    getItemDb: () => itemDb,
  };
  updateItem(store, call, (error) => {
    if (!error) return;
    if (!error.body?.__type.endsWith('ConditionalCheckFailedException')) throw error;
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      ...(call.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before ? { Item: before } : {}),
    });
  });
  return after;
}

/** Two items have one key if both of its parts are the same. */
function keyOf(key: Attributes | undefined): string {
  return JSON.stringify([key?.id?.S, key?.owner?.S]);
}
