/**
 * Bytes that the contents of one item have together. DynamoDB takes 400 KB an item; the rest of it, at its very
 * largest, has less than a tenth of that.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const contentRoom = 350_000;

/**
 * An event's data as an item keeps it: as JSON, which DynamoDB takes whole.
 *
 * @returns undefined for data that no item has room for, or that is nested too deep to be written
 */
export function contentOf(data: object): string | undefined {
  try {
    const json = JSON.stringify(data);
    return bytesOf(json) <= contentRoom ? json : undefined;
  } catch {
    // A RangeError: some thousand levels overflow the stack.
    return undefined;
  }
}

/** What a content takes of the room. */
export function bytesOf(content: string | undefined): number {
  return content === undefined ? 0 : Buffer.byteLength(content);
}
