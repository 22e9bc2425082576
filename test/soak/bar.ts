/**
 * A progress bar on standard error; nothing if that is no terminal.
 *
 * @returns to be told how much of the total is done
 */
export function bar(total: number): (done: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done) => {
    const filled = Math.floor((done / total) * 40);
    process.stderr.write(
      `\r[${'#'.repeat(filled)}${'-'.repeat(40 - filled)}] ${done} of ${total}${done === total ? '\n' : ''}`,
    );
  };
}
