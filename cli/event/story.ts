import { isTypeName } from '../../lambda/shared/log-values.ts';
import { type LoggedOutcome, workerOutcomes } from '../../lambda/shared/outcomes.ts';
import type { LogLine } from './log-line.ts';
import { receiver } from './logs.ts';

/** What the logs tell of an event. */
export interface Story {
  /** The lines, oldest first, each once. */
  lines: LogLine[];
  type: string | undefined;
  /** What has become of it; undefined if no line says it. */
  outcome: LoggedOutcome | undefined;
  /** The worker that said so last, or that it was queued for. */
  worker: string | undefined;
  /** When it comes back, in milliseconds since the epoch, if it was retried. */
  comesBackAt: number | undefined;
  /** The forced replays that it was part of. */
  replays: string[];
  projects: string[];
  /** The messages that lines about it name. */
  messageIds: string[];
}

/** Makes one story of the lines of all logs, in whatever order they come. */
export function storyOf(found: readonly LogLine[]): Story {
  const unique = new Map(found.map((line) => [JSON.stringify(line), line]));
  const lines = [...unique.values()].sort((one, other) => begin(one) - begin(other));
  const decisive = lines.findLast(isResult) ?? lines.findLast(({ fields }) => fields.outcome !== undefined);
  const { outcome, retryInSeconds } = decisive?.fields ?? {};
  return {
    lines,
    type: texts(lines, 'type')[0],
    outcome: outcome as LoggedOutcome | undefined,
    worker: decisive && texts([decisive], 'worker')[0],
    comesBackAt:
      decisive && outcome === 'retried' && typeof retryInSeconds === 'number'
        ? decisive.at + retryInSeconds * 1_000
        : undefined,
    replays: texts(lines, 'replay'),
    projects: texts(lines, 'project'),
    messageIds: texts(lines, 'messageId'),
  };
}

/**
 * When what a line says began. The receiver logs once it has answered: a worker may have had the event before.
 */
export function begin({ at, part, fields }: LogLine): number {
  return part === receiver && typeof fields.ms === 'number' ? at - fields.ms : at;
}

/** Whether a line decides what has become of the event. A duplicate changes nothing of it. */
function isResult({ fields: { outcome } }: LogLine): boolean {
  return outcome !== 'duplicate' && workerOutcomes.some((each) => each === outcome);
}

/** The values of a field, each once, in their order, without what stands for a value that was not logged. */
function texts(lines: readonly LogLine[], name: string): string[] {
  const values = lines.flatMap(({ fields }) => (typeof fields[name] === 'string' ? [fields[name]] : []));
  return [...new Set(values)].filter((value) => !isTypeName(value));
}
