/** What a function's bundle may weigh, in bytes, and how many of its files it may load to start. */
export interface BundleBudget {
  /** All that is deployed, as it is and packed by gzip, file by file. */
  deployed: number;
  packed: number;
  /** What is loaded until the handler can be called, which is what a cold start reads and compiles. */
  loaded: number;
  files: number;
  /** Modules of Node's own that are loaded besides. One import may bring dozens: `node:http` brings undici. */
  builtins: number;
}

/**
 * The budgets of bundles, in one place: about a tenth above what they weigh. A function that outgrows its budget
 * has taken something in; if it has shrunk for good, lower its budget.
 */
export const bundleBudgets: Readonly<Record<string, BundleBudget>> = {
  Receiver: { deployed: 30_000, packed: 12_500, loaded: 30_000, files: 1, builtins: 57 },
  Inbound: { deployed: 520_000, packed: 175_000, loaded: 380_000, files: 19, builtins: 80 },
  Delivery: { deployed: 520_000, packed: 175_000, loaded: 380_000, files: 19, builtins: 80 },
  Templates: { deployed: 520_000, packed: 175_000, loaded: 380_000, files: 19, builtins: 80 },
  Account: { deployed: 520_000, packed: 175_000, loaded: 380_000, files: 19, builtins: 80 },
  Pauses: { deployed: 441_000, packed: 143_000, loaded: 337_000, files: 11, builtins: 80 },
  Reconcile: { deployed: 502_000, packed: 163_000, loaded: 382_000, files: 10, builtins: 95 },
  Canary: { deployed: 424_000, packed: 141_000, loaded: 312_000, files: 10, builtins: 80 },
};

/**
 * What a function allocates for an event, in bytes of V8's heap, as bench/allocations.ts counts them: about 4 % above
 * what they are. They are the same on each machine, so a tenth more is found out.
 */
export const allocationBudgets = { receiver: 35_700, worker: 566_500 } as const;

/** Writes to the idempotency records: these are guarantees rather than weights, and have no room. */
export const claimBudgets = { event: 2, duplicate: 1 } as const;

const remedies: Readonly<Record<keyof BundleBudget, string>> = {
  deployed: 'Find what came in with `npx esbuild --analyze` on its entry',
  packed: 'Find what came in with `npx esbuild --analyze` on its entry',
  loaded: 'Load by a dynamic import what not every start needs',
  files: 'Load by a dynamic import what not every start needs',
  builtins: 'See what came in with test/support/loaded-modules.ts on its bundle',
};

/**
 * What exceeds its budget.
 *
 * @returns a sentence for each, with the function, the budget, the value and what to do
 */
export function excesses(name: string, weights: BundleBudget, budget: BundleBudget): string[] {
  const measures = Object.keys(budget) as (keyof BundleBudget)[];
  return measures
    .filter((measure) => weights[measure] > budget[measure])
    .map(
      (measure) =>
        `${name} has ${weights[measure]} ${unitOf(measure)}, and its budget is ${budget[measure]}: ` +
        `${remedies[measure]}, or raise the budget in test/support/budgets.ts and say why in the commit.`,
    );
}

/**
 * By how much a function's allocations exceed their budget.
 *
 * @returns a sentence as of {@link excesses}; undefined if they do not
 */
export function excessOf(name: keyof typeof allocationBudgets, bytes: number): string | undefined {
  const budget = allocationBudgets[name];
  if (bytes <= budget) return undefined;
  return (
    `The ${name} allocates ${Math.round(bytes)} bytes for an event, and its budget is ${budget}: ` +
    'Find what is made for each event with `node --heap-prof`, or raise the budget in test/support/budgets.ts and say why ' +
    'in the commit.'
  );
}

function unitOf(measure: keyof BundleBudget): string {
  if (measure === 'files') return 'files loaded at its start';
  return measure === 'builtins' ? 'of Node’s modules loaded at its start' : `bytes ${measure}`;
}
