/** The time of this machine's zone, as `09:30:00`. */
export function timeOfDay(date: Date): string {
  return date.toTimeString().slice(0, 8);
}
