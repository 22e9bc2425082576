/**
 * Lets a command end in good order at Ctrl-C. The second one ends it at once.
 *
 * @param notice what to print at the first
 * @returns a signal that aborts at the first
 */
export function interruption(notice: string): AbortSignal {
  const controller = new AbortController();
  let at = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) {
        // npm passes on what the terminal has told this process already.
        if (performance.now() - at > 1_000) process.exit(1);
        return;
      }
      at = performance.now();
      controller.abort();
      console.error(notice);
    });
  }
  return controller.signal;
}
