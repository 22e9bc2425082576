/** The event source of a worker: what Lambda polls its queue by. */
export interface WorkerEventSource {
  worker: string;
  /** The UUID of its event source mapping. */
  id: string;
  /** How long it may be paused, so that every event still has the time for all of its attempts. */
  longestPauseSeconds: number;
}

/** Event sources as one text, which is an output of the stack and a variable of the keeper. */
export function formatEventSources(sources: readonly WorkerEventSource[]): string {
  return sources
    .map(({ worker, id, longestPauseSeconds }) => `${worker}:${id}:${longestPauseSeconds}`)
    .join(',');
}

/**
 * Reads what `formatEventSources` wrote.
 *
 * @throws Error if it is another text
 */
export function parseEventSources(text: string): WorkerEventSource[] {
  return text.split(',').map((part) => {
    const [, worker = '', id = '', seconds = ''] = /^([a-z0-9]+):([\w-]+):(\d+)$/.exec(part) ?? [];
    if (worker === '') throw new Error('The event sources of the workers cannot be read. Deploy again.');
    return { worker, id, longestPauseSeconds: Number(seconds) };
  });
}
