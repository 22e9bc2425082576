import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** A word behind `zavu-webhooks`. */
interface Entry {
  /** What it does, in a few words. */
  summary: string;
  /** Another word for it. @default none */
  alias?: string;
  /** Loads the command, and nothing of the others. */
  load(): Promise<{ command: CommandUnknownOpts }>;
}

/** All commands, in the order in which `--help` lists them. */
export const commands: Readonly<Record<string, Entry>> = {
  init: {
    summary: 'write a new project, or add webhooks to yours',
    load: () => import('./init.ts'),
  },
  start: { summary: 'run the stack on this machine', load: () => import('./start.ts') },
  dev: {
    summary: 'the same, and deploy again when a file changes',
    load: () => import('./dev.ts'),
  },
  send: { summary: 'post a signed event', load: () => import('./send.ts') },
  secrets: {
    summary: 'list, add, remove and rotate signing secrets',
    load: () => import('./secrets.ts'),
  },
  register: {
    summary: "point a sender's webhook at the stack",
    load: () => import('./register.ts'),
  },
  smoke: {
    summary: 'check from outside that a deployed stack works',
    load: () => import('./smoke.ts'),
  },
  pause: {
    summary: 'let the events of a worker wait while what it calls is down',
    load: () => import('./pause.ts'),
  },
  resume: {
    summary: 'start a paused worker again',
    load: () => import('./resume.ts'),
  },
  'dead-letters': {
    summary: 'look at events that failed for good, and redrive them',
    alias: 'dlq',
    load: () => import('./dead-letters.ts'),
  },
  unrouted: {
    summary: 'look at events that no worker may handle, and redrive them',
    load: () => import('./unrouted.ts'),
  },
  retry: {
    summary: 'let the local run try an event again now',
    load: () => import('./retry.ts'),
  },
  replay: {
    summary: 'put archived events into the queues again',
    load: () => import('./replay.ts'),
  },
  reconcile: {
    summary: 'recover what Zavu gave up on, of a time that you name',
    load: () => import('./reconcile.ts'),
  },
  event: {
    summary: 'tell what is known of an event, by its id',
    load: () => import('./event.ts'),
  },
  message: {
    summary: 'tell what is known of a message, by its id',
    load: () => import('./message.ts'),
  },
  cost: { summary: 'estimate what a month costs', load: () => import('./cost.ts') },
  completion: {
    summary: 'let a shell complete commands, options and their values',
    load: () => import('./completion.ts'),
  },
};
