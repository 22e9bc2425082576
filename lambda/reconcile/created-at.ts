/** When an object of Zavu's API was created, in milliseconds; NaN if it does not say. */
export function createdAt({ createdAt }: { createdAt?: unknown }): number {
  return typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
}
