import { asciiJson } from '../../lambda/shared/json.ts';
import { receiverOutcomes, workerOutcomes } from '../../lambda/shared/outcomes.ts';
import { eventIdOf } from '../aws/event-bridge/event-bus.ts';
import type { LogLine } from '../aws/logs/log-groups.ts';
import { memorySettings } from './memory-settings.ts';
import { isMetrics, parseOutcome } from './outcome-line.ts';
import type { Reporter } from './reporter.ts';

/** What a line may be about: its `event`. docs/local-run.md has them in a table. */
export const lineEvents = [
  ...receiverOutcomes,
  ...workerOutcomes,
  'ready',
  'started',
  'failed',
  'error',
  'printed',
  'memory_exceeded',
  'throttled',
  'published',
  'notified',
  'granted',
  'denied',
  'refused',
  'unchecked',
  'alarm',
  'platform',
  'access',
  'firehose',
  'metrics',
  'log',
] as const;

type LineEvent = (typeof lineEvents)[number];

/** For scripts: one JSON object per line, in ASCII. */
export function jsonReporter(write: (line: string) => void): Reporter {
  const emit = (event: LineEvent, fields: object) => write(asciiJson(JSON.stringify({ event, ...fields })));
  return {
    ready: (url, secret, deployment, stateFile) => emit('ready', { url, secret, stateFile, ...deployment }),
    started: (functionName, pid) => emit('started', { function: functionName, pid }),
    failed: (functionName, worker, interruption) =>
      emit('failed', { function: functionName, worker, ...interruption }),
    attemptFailed: (failure) => emit('error', failure),
    printed: (place) => emit('printed', place),
    memoryExceeded: (excess) =>
      emit('memory_exceeded', { ...excess, setting: memorySettings(excess).join(', ') }),
    throttled: (functionName, worker) => emit('throttled', { function: functionName, worker }),
    published: (entry) =>
      emit('published', { id: eventIdOf(entry), type: entry.DetailType, bus: entry.EventBusName }),
    notified: (topic, readers, reason) => emit('notified', { topic, readers, reason }),
    granted: (grant) => emit('granted', grant),
    denied: (reason) => emit('denied', { reason }),
    refused: (reason) => emit('refused', { reason }),
    unchecked: (what) => emit('unchecked', { reason: what }),
    alarm: ({ event, ...fields }) => emit(event, fields),
    logged(line) {
      const { event, fields } = eventOf(line);
      emit(event, fields);
    },
  };
}

/** What a line of a log group is about. */
function eventOf({ writer, functionName, text }: LogLine): { event: LineEvent; fields: object } {
  if (writer === 'lambda') return { event: 'platform', fields: { function: functionName, line: text } };
  if (writer === 'api-gateway') return { event: 'access', fields: { line: text } };
  if (writer === 'firehose') return { event: 'firehose', fields: { line: text } };
  if (isMetrics(text)) return { event: 'metrics', fields: { function: functionName, line: text } };
  const outcomeLine = parseOutcome(text);
  if (!outcomeLine) return { event: 'log', fields: { function: functionName, line: text } };
  const { outcome, level: _level, message: _message, ...fields } = outcomeLine;
  return { event: outcome, fields };
}
