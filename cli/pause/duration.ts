/**
 * A length of time in words, rounded down to a minute: `3 d 21 h`, `1 h 59 min`, `0 min`.
 *
 * @param milliseconds 0 or more
 */
export function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}
