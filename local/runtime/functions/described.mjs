/** @typedef {import('./observation.ts').Described} Described */

const maxCauses = 5;
const maxMessage = 2_000;
const maxStack = 20_000;

/**
 * Describes a thrown value. It may be anything, and reading it may throw as well: a proxy or a getter may, and an error
 * may be its own cause. Never throws.
 *
 * The frames of its causes come behind its own: what `fetch` throws has none.
 *
 * @param {unknown} thrown
 * @returns {Described}
 */
export function described(thrown) {
  /** @type {Pick<Described, 'name' | 'message'>[]} */
  const causes = [];
  const seen = [thrown];
  for (
    let cause = read(thrown, 'cause');
    cause !== undefined && cause !== null;
    cause = read(cause, 'cause')
  ) {
    if (seen.includes(cause) || causes.length === maxCauses) break;
    seen.push(cause);
    causes.push(named(cause));
  }
  return { ...named(thrown), stack: seen.map(framesOf).join('\n').slice(0, maxStack), causes };
}

/**
 * @param {unknown} thrown
 * @returns {Pick<Described, 'name' | 'message'>}
 */
function named(thrown) {
  if (!isError(thrown)) return { name: typeof thrown, message: text(thrown) };
  return { name: text(read(thrown, 'name')), message: text(read(thrown, 'message')) };
}

/**
 * The message stands above the frames, and its own lines may look like frames.
 *
 * @param {unknown} thrown
 */
function framesOf(thrown) {
  const [stack, message] = [read(thrown, 'stack'), read(thrown, 'message')];
  if (typeof stack !== 'string') return '';
  const start = typeof message === 'string' ? stack.indexOf(message) : -1;
  return (start < 0 ? stack : stack.slice(start + String(message).length)).slice(0, maxStack);
}

/** @param {unknown} value */
function isError(value) {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
function read(value, name) {
  try {
    return isError(value) ? Reflect.get(Object(value), name) : undefined;
  } catch {
    return undefined;
  }
}

/** @param {unknown} value */
function text(value) {
  try {
    return String(value).slice(0, maxMessage);
  } catch {
    return 'unreadable';
  }
}
