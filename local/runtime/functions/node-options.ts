/**
 * The options that Lambda starts Node with, by the function's memory: nine tenths for old objects and a twentieth for
 * each half of the space for new ones. AWS documents none of them; they are in the runtime's own start script, of which
 * there are public copies up to nodejs18.x, and it is assumed that later ones have the same.
 *
 * @param memoryMb the function's memory size, in MB
 */
export function nodeOptions(memoryMb: number): string[] {
  const newSpace = Math.floor(memoryMb / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(newSpace / 2)}`,
    `--max-old-space-size=${memoryMb - newSpace}`,
  ];
}
