import { type Command, execute } from './shared/command.ts';

/** What a word behind `zavu-webhooks` does. */
interface Entry {
  /** What it does, in a few words. */
  summary: string;
  /** Runs it to its end, and gives its exit code; the local run goes on. */
  run(args: readonly string[]): Promise<number | undefined>;
}

/** Loads a command when it is asked for, and nothing of the others. */
function loaded(summary: string, load: () => Promise<{ command: Command }>): Entry {
  return { summary, run: async (args) => execute((await load()).command, args) };
}

/** Starts the local run, which ends at Ctrl-C. */
function localRun(summary: string, ...given: string[]): Entry {
  return {
    summary,
    async run(args) {
      const { start } = await import('../local/start.ts');
      await start([...given, ...args]);
      return undefined;
    },
  };
}

/** All commands, in the order in which `--help` lists them. */
export const commands: Readonly<Record<string, Entry>> = {
  init: loaded('write a new project, or add webhooks to yours', () => import('./init.ts')),
  start: localRun('run the stack on this machine'),
  dev: localRun('the same, and deploy again when a file changes', '--watch'),
  send: loaded('post a signed event', () => import('./send.ts')),
  secrets: loaded('list, add, remove and rotate signing secrets', () => import('./secrets.ts')),
  register: loaded("point a sender's webhook at the stack", () => import('./register.ts')),
  smoke: loaded('check from outside that a deployed stack works', () => import('./smoke.ts')),
  'dead-letters': loaded(
    'look at events that failed for good, and redrive them',
    () => import('./dead-letters.ts'),
  ),
  unrouted: loaded(
    'look at events that no worker may handle, and redrive them',
    () => import('./unrouted.ts'),
  ),
  retry: loaded('let the local run try an event again now', () => import('./retry.ts')),
  replay: loaded('put archived events into the queues again', () => import('./replay.ts')),
  cost: loaded('estimate what a month costs', () => import('./cost.ts')),
};

/** Other words for a command. */
export const aliases: Readonly<Record<string, string>> = { dlq: 'dead-letters' };
