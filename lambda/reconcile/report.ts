/** What a run has looked at, and what it found. */
export interface Report {
  projectId: string;
  /** States of objects that Zavu's webhooks should have told. */
  looked: number;
  /** Of them, those that this deployment knows. */
  had: number;
  /** Events that were put into a queue, or would be in a dry run, by type. */
  recovered: Record<string, number>;
  /** States of which no event can be made. */
  impossible: number;
  /** When the first and the last of the recovered events happened, in milliseconds. */
  first?: number;
  last?: number;
  /** Lists whose order is not the newest first. */
  unordered: string[];
  /** Bounds that were hit: what lies behind them is not looked at. */
  bounds: Bound[];
  /** Whether there was time for all of it. The next run goes on with the rest. */
  isComplete: boolean;
}

/**
 * `pages`: a walk had too many pages. `look_back`: too long ago. `open_messages`: too many to ask for again. `other_project`: the
 * messages table has it of another project alone.
 */
export type Bound = 'pages' | 'look_back' | 'open_messages' | 'other_project';

export function emptyReport(projectId: string): Report {
  return {
    projectId,
    looked: 0,
    had: 0,
    recovered: {},
    impossible: 0,
    unordered: [],
    bounds: [],
    isComplete: true,
  };
}

/** Counts a recovered event. */
export function countRecovered(report: Report, type: string, at: number): void {
  report.recovered[type] = (report.recovered[type] ?? 0) + 1;
  report.first = Math.min(report.first ?? at, at);
  report.last = Math.max(report.last ?? at, at);
}

/** How many events were recovered. */
export function recoveredIn({ recovered }: Report): number {
  return Object.values(recovered).reduce((sum, count) => sum + count, 0);
}

/** Notes a bound that was hit, once. */
export function noteBound(report: Report, bound: Bound): void {
  if (!report.bounds.includes(bound)) report.bounds.push(bound);
}
