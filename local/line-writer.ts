/** Writes lines to standard output, those of one moment together: each write would cost as much as all of them. */
export function createLineWriter(): (line: string) => void {
  let lines = '';
  const flush = () => {
    process.stdout.write(lines);
    lines = '';
  };
  process.once('exit', () => {
    if (lines) flush();
  });
  return (line) => {
    if (!lines) setImmediate(flush);
    lines += `${line}\n`;
  };
}
