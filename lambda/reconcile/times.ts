/** When an object of Zavu's API was created, in milliseconds; NaN if it does not say. */
export function createdAt(object: object): number {
  return timeIn(object, 'createdAt');
}

/** When an object of Zavu's API changed last, in milliseconds; NaN if it does not say. */
export function updatedAt(object: object): number {
  return timeIn(object, 'updatedAt');
}

function timeIn(object: object, name: string): number {
  const time: unknown = Object.getOwnPropertyDescriptor(object, name)?.value;
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
}
