import type { Spread } from './statistics.ts';

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A whole number: 1,000. */
export function whole(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** A time for people: 90 s, 17 min, 2.8 h, never. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'never';
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7_200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

/** A median, and between which values the middle half lies. */
export function spread({ median, lower, upper }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
}

/** A section with its heading. */
export function section(title: string, ...paragraphs: readonly string[]): string {
  return [`## ${title}`, ...paragraphs].join('\n\n');
}
