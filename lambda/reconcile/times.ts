/** When an object of Zavu's API was created, in milliseconds; NaN if it does not say. */
export function createdAt(object: object): number {
  return timeIn(object, 'createdAt');
}

/** When an object of Zavu's API changed last, or was created if it does not say, in milliseconds; NaN if it says neither. */
export function changedAt(object: object): number {
  const changed = timeIn(object, 'updatedAt');
  return Number.isNaN(changed) ? createdAt(object) : changed;
}

function timeIn(object: object, name: string): number {
  const time: unknown = Object.getOwnPropertyDescriptor(object, name)?.value;
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
}
