import { Session } from 'node:inspector';

/** Under this name, the inspector finds what it is asked about. */
const asked = 'zavu:asked';

/**
 * Where a function begins, as a frame of a stack; '' if that is not known. What it takes costs time, so it is for errors
 * alone.
 *
 * @param {unknown} wanted
 * @returns {string}
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#method-getProperties
 */
export function frameOf(wanted) {
  if (typeof wanted !== 'function') return '';
  const key = Symbol.for(asked);
  const session = new Session();
  /** @type {Map<string, string>} */
  const urls = new Map();
  /** @type {{ scriptId: string, lineNumber: number, columnNumber: number } | undefined} */
  let location;
  try {
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
    Reflect.set(globalThis, key, wanted);
    // Of a session in the same process, answers come before `post` returns.
    session.post(
      'Runtime.evaluate',
      { expression: `globalThis[Symbol.for('${asked}')]` },
      (error, answer) => {
        const objectId = error ? undefined : answer.result.objectId;
        if (objectId === undefined) return;
        session.post('Runtime.getProperties', { objectId, ownProperties: true }, (failed, properties) => {
          if (failed) return;
          location = properties.internalProperties?.find(({ name }) => name === '[[FunctionLocation]]')?.value
            ?.value;
        });
      },
    );
    if (location) session.post('Debugger.enable');
    const url = location && urls.get(location.scriptId);
    return location && url
      ? `    at handler (${url}:${location.lineNumber + 1}:${location.columnNumber + 1})`
      : '';
  } catch {
    return '';
  } finally {
    Reflect.deleteProperty(globalThis, key);
    session.disconnect();
  }
}
