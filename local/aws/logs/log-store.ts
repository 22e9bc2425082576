import type { LogLine } from './log-groups.ts';

/** A line of a log group, and when it came. */
interface StoredLine {
  /** Of its log group, it is the nth line. */
  number: number;
  /** Milliseconds since the epoch. */
  timestamp: number;
  text: string;
}

interface Group {
  lines: StoredLine[];
  /** How many lines it ever had. */
  count: number;
  /** Characters of the lines that it still has. */
  size: number;
}

/** What it keeps of a log group at the most. */
const maxLines = 10_000;
const maxSize = 16_000_000;

/** The latest lines of all log groups. They outlive deployments. */
export class LogStore {
  readonly #groups = new Map<string, Group>();
  readonly #clock: () => number;

  /** @param clock gives milliseconds since the epoch */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Keeps a line. The oldest lines of its group go if there are too many. */
  add({ logGroup, text }: Pick<LogLine, 'logGroup' | 'text'>): void {
    const group = this.#groups.get(logGroup) ?? { lines: [], count: 0, size: 0 };
    this.#groups.set(logGroup, group);
    group.lines.push({ number: group.count++, timestamp: this.#clock(), text });
    group.size += text.length;
    while (group.lines.length > maxLines || group.size > maxSize) {
      group.size -= group.lines.shift()?.text.length ?? 0;
    }
  }

  /** The lines of a log group, oldest first; none if nothing was ever written there. */
  linesOf(logGroup: string): readonly StoredLine[] {
    return this.#groups.get(logGroup)?.lines ?? [];
  }
}
