import { relative, sep } from 'node:path';

/**
 * The files that take longest, in the order in which they begin: a long one that begins last ends long after all. Those
 * that compute stand among those that wait.
 */
const longest = [
  'test/e2e/dead-letters/verbs.test.ts',
  'test/conformance/events.test.ts',
  'test/e2e/alarms.test.ts',
  'test/e2e/attempts.test.ts',
  'test/conformance/signatures.test.ts',
  'test/conformance/rotation.test.ts',
  'test/e2e/reconcile.test.ts',
  'test/e2e/fan-out.test.ts',
  'test/e2e/dead-letters/interruption.test.ts',
  'test/e2e/changed-envelope.test.ts',
  'test/lambda/reconcile/killed-run.test.ts',
  'test/lambda/receiver/hostile.test.ts',
  'test/lambda/hostile-events.test.ts',
  'test/lambda/messages/hostile.test.ts',
  'test/lambda/messages/succession.test.ts',
  'test/e2e/soak.test.ts',
  'test/e2e/senders.test.ts',
  'test/lib/worker/conflicts.test.ts',
  'test/lib/guardrails/guardrails.test.ts',
  'test/lib/rules.test.ts',
  'test/e2e/faults.test.ts',
  'test/e2e/other-app.test.ts',
  'test/e2e/smoke.test.ts',
  'test/cli/deployed-stack.test.ts',
  'test/e2e/hostile-events.test.ts',
  'test/e2e/pipeline.test.ts',
  'test/budgets.test.ts',
  'test/allocations.test.ts',
  'test/e2e/archive.test.ts',
  'test/testing/start-local.test.ts',
  'test/testing/conformance.test.ts',
];

interface Test {
  path: string;
  context: { config: { rootDir: string } };
}

/**
 * Jest's sequencer: the same order in every run. Jest's own begins with what failed last and took longest, so that
 * other files run side by side in the second run than in the first.
 */
export default class Order {
  sort(tests: readonly Test[]): Test[] {
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }

  shard(
    tests: readonly Test[],
    { shardIndex, shardCount }: { shardIndex: number; shardCount: number },
  ): Test[] {
    return this.sort(tests).filter((_, index) => index % shardCount === shardIndex - 1);
  }

  allFailedTests(tests: readonly Test[]): Test[] {
    return this.sort(tests);
  }

  /** Nothing of a run counts for the next one. */
  cacheResults(): void {}
}

/** What starts a stack comes before what computes. */
function rank({ path, context }: Test): number {
  const file = relative(context.config.rootDir, path).split(sep).join('/');
  const index = longest.indexOf(file);
  if (index >= 0) return index;
  return /^test\/(e2e|conformance)\//.test(file) ? longest.length : longest.length + 1;
}
