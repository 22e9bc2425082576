import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What DynamoDB takes of one item, in bytes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const largestItem = 400 * 1024;

/**
 * The size of an item in bytes, as DynamoDB counts it: names and values, three bytes more for a list or a map, and one
 * for each of its elements.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + valueSize(value), 0);
}

function valueSize({ S, N, BOOL, NULL, M, L }: AttributeValue): number {
  if (S !== undefined) return bytes(S);
  if (N !== undefined) return Math.ceil(N.replace(/\D/g, '').length / 2) + (N.startsWith('-') ? 2 : 1);
  if (BOOL !== undefined || NULL !== undefined) return 1;
  if (M !== undefined) return 3 + itemSize(M) + Object.keys(M).length;
  if (L !== undefined) return L.reduce((sum, value) => sum + valueSize(value) + 1, 3);
  throw new Error('An attribute of a type that is not counted here.');
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
