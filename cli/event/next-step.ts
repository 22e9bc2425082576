import { docsPage } from '../../lib/docs-page.ts';
import type { EventAccount } from './account.ts';
import { receiver } from './logs.ts';

/** What a person may do next. */
export interface NextStep {
  /** A sentence. */
  text: string;
  /** A command that goes with it: its name and its words. */
  command?: readonly [string, readonly string[]];
}

/**
 * What to do next about an event.
 *
 * @param now milliseconds since the epoch
 */
export function nextStep({ id, isLocal, story, archived, records }: EventAccount, now: number): NextStep {
  const { outcome, worker, comesBackAt } = story;
  switch (outcome) {
    case 'dead_lettered':
      return {
        text: 'It is a dead letter, unless somebody has redriven or discarded it since:',
        command: ['dead-letters', ['show', '--id', id, ...(worker ? ['--worker', worker] : [])]],
      };
    case 'unrouted':
      return {
        text: 'It is in the unrouted queue, unless somebody has redriven or discarded it since:',
        command: ['unrouted', ['show', '--id', id]],
      };
    case 'retried':
      if (comesBackAt === undefined)
        return { text: 'It comes back after the visibility timeout of its queue.' };
      return comesBackAt > now
        ? {
            text: `It comes back at ${new Date(comesBackAt).toISOString()}.${isLocal ? ' To have it now:' : ''}`,
            // SQS on AWS gives nobody a message that waits.
            ...(isLocal ? { command: ['retry', [id]] } : {}),
          }
        : {
            text: `It was to come back at ${new Date(comesBackAt).toISOString()}, and no line says that it did: look at the worker's queue (${docsPage('runbook.md')}).`,
          };
    case 'queued':
      return { text: `It waits in the queue of ${worker ?? 'its worker'}, or its handler runs now.` };
    case 'handled':
    case 'duplicate':
      return { text: 'Nothing is left to do.' };
    default:
      break;
  }
  if (records.some(({ step, status }) => step === 'handling' && status === 'completed'))
    return {
      text: 'It is handled. The logs of that time are not searched, or gone: --from says since when.',
    };
  if (archived)
    return {
      text: 'It was received. The logs of that time are not searched, or gone: --from says since when.',
    };
  return story.lines.some(({ part }) => part === receiver)
    ? { text: 'No line says what has become of it.' }
    : {
        text: 'Search further back with --from, or look for its delivery in Zavu: a request that is refused is logged without the id.',
      };
}
