import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

/** The items to which an event can be added without a look at them, and how. */
export interface Succession {
  /**
   * A condition on an item that exists. In it, an attribute of the event's own item is `#name` for what the item has, and
   * `:name` for what the event's has.
   */
  condition: string;
  /** The other values that the condition names. */
  values?: Readonly<Record<string, string | number>>;
  /** Attributes that are removed if the event's own item has none of them. */
  removed: readonly string[];
  /** Numbers that are added to the item's, if the event's own item has any. */
  summed?: readonly string[];
}

/** How often the item was written, which tells whether it has changed. */
const version = { name: 'version', first: 1 };

/** The expressions of an UpdateItem. */
export type Update = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/**
 * Adds an event to an item that is not there yet, or to one that it succeeds. Other items refuse it.
 *
 * @param own the item that the event alone makes, and its expiry
 * @param succession undefined if the event succeeds no item
 */
export function unseenUpdate(own: object, succession: Succession | undefined): Update {
  const { condition, values = {}, removed = [], summed = [] } = succession ?? {};
  const entries = Object.entries(own);
  return update({
    set: entries.filter(([name]) => !summed.includes(name)),
    add: entries.filter(([name]) => summed.includes(name)),
    remove: removed.filter((name) => !Object.hasOwn(own, name)),
    condition: ['attribute_not_exists(id)', ...(condition ? [`(${condition})`] : [])].join(' OR '),
    values,
  });
}

/**
 * Replaces an item by another. It is refused if the item has changed since.
 *
 * @param stored what the item was, and its version; undefined if there was none
 * @param after what it is to be, and its expiry
 */
export function knownUpdate(stored: { item: object; version: number } | undefined, after: object): Update {
  return update({
    set: Object.entries(after),
    add: [],
    remove: Object.keys(stored?.item ?? {}).filter((name) => !Object.hasOwn(after, name)),
    condition: stored ? '#version = :known' : 'attribute_not_exists(id)',
    values: stored ? { known: stored.version } : {},
  });
}

/** The expressions, in which `#name` is an attribute and `:name` its value. */
function update({
  set,
  add,
  remove,
  condition,
  values,
}: {
  set: readonly (readonly [name: string, value: unknown])[];
  add: readonly (readonly [name: string, value: unknown])[];
  remove: readonly string[];
  condition: string;
  values: Readonly<Record<string, string | number>>;
}): Update {
  const added = [...add, [version.name, version.first] as const];
  const clauses = [
    `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    `ADD ${added.map(([name]) => `#${name} :${name}`).join(', ')}`,
    ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
  ];
  const names = [...set.map(([name]) => name), ...added.map(([name]) => name), ...remove];
  return {
    UpdateExpression: clauses.join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall(
      Object.fromEntries(
        [...set, ...added, ...Object.entries(values)].map(([name, value]) => [`:${name}`, value]),
      ),
    ),
  };
}
