/**
 * How many bytes the contents of one item may have together. DynamoDB takes 400 KB per item, and the other fields
 * have less than a tenth of that at most.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const contentRoom = 350_000;

/**
 * An event's data as an item keeps it: as JSON, which DynamoDB stores as one text.
 *
 * @returns undefined for data that no item has room for, or that is nested too deeply to be written
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

/** How many bytes of the room a content takes. */
export function bytesOf(content: string | undefined): number {
  return content === undefined ? 0 : Buffer.byteLength(content);
}
