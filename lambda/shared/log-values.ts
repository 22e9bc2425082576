/** How many frames of a stack are logged: the place of the error, and how the code came there. */
export const maxFrames = 3;

/** A word, as `message` and most fields take it. */
export function isWord(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 64 &&
    /^[\w$.:+-]+$/.test(value) &&
    !isPhoneNumber(value) &&
    // WhatsApp writes a number without its plus. No code has so many digits (lambda/messages/field.ts).
    !/\d{8}/.test(value)
  );
}

/** A telephone number in its international form is neither a code nor an id. */
export function isPhoneNumber(text: string): boolean {
  return text.startsWith('+') && /^\+\d{7,}$/.test(text);
}

/** What stands for a value that is not logged. */
export function placeholder(value: unknown): string {
  return `(${typeof value === 'string' ? 'text' : typeof value})`;
}

/** Whether a text is such a stand-in. */
export function isTypeName(text: string): boolean {
  return /^\([a-z]{1,10}\)$/.test(text);
}

/**
 * Whether a line is a frame of V8's stacks: `at`, a name, and a place in a file. It is strict because the lines of an
 * error's message may look like frames.
 *
 * @see https://v8.dev/docs/stack-trace-api
 */
export function isFrame(line: unknown): line is string {
  return typeof line === 'string' && line.length <= 300 && frame.test(line);
}

const frame =
  /^at (?:async |new )?(?:[\w$.<>#]+(?: \[as [\w$.]+\])? \()?(?:file:\/\/(?:\/[A-Za-z]:)?|node:|\/|[A-Za-z]:[\\/])[\w$./\\@%~+?=-]+:\d+:\d+\)?$/;
