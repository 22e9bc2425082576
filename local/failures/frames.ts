/** A frame of a stack: a function, and where it stands in a file. Lines and columns begin with 1. */
export interface Frame {
  functionName: string;
  /** A path, or a URL. */
  file: string;
  line: number;
  column: number;
}

/** How many frames are looked at: a program may throw in the depth of a recursion. */
const maxFrames = 50;

const pattern = /^\s*at (?:async |new )*(?:(\S.{0,200}?) \()?(\S.{0,2000}?):(\d{1,9}):(\d{1,9})\)?$/;

/**
 * The frames of a stack as V8 writes it. What does not look like one is left out.
 *
 * @see https://v8.dev/docs/stack-trace-api
 */
export function framesOf(stack: string): Frame[] {
  return stack
    .split('\n')
    .flatMap((row) => {
      const [, functionName = '', file = '', line, column] = pattern.exec(row) ?? [];
      return line ? [{ functionName, file, line: Number(line), column: Number(column) }] : [];
    })
    .slice(0, maxFrames);
}
