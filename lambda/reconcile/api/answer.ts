/** Zavu answered 200 with something other than what its API promises, such as the page of a proxy. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** A part of an answer that is as documented. @throws UnreadableAnswer if it is not */
export function readable<Value>(value: Value | undefined, isRight: boolean): Value {
  if (value === undefined || !isRight) throw new UnreadableAnswer();
  return value;
}

/** The cursor of the next page; undefined on the last page. @throws UnreadableAnswer if it is neither */
export function cursorIn(cursor: unknown): string | undefined {
  if (cursor === null || cursor === undefined || cursor === '') return undefined;
  // A list that seems to be over would hide what is missing.
  if (typeof cursor !== 'string') throw new UnreadableAnswer();
  return cursor;
}
