import type { ChildProcess } from 'node:child_process';
import * as z from 'zod/mini';
import { parseJson } from '../../../lambda/shared/json.ts';

/** A frame of a program that was paused. Lines and columns begin with 1, as in a stack. */
export interface PausedFrame {
  functionName: string;
  url: string;
  line: number;
  column: number;
}

/**
 * What lets a process be asked where it is. Until it is asked, no inspector listens; then one does at a free port of the
 * loopback interface, under a name that only this process is told.
 */
export const inspectorOptions = ['--inspect-port=127.0.0.1:0', '--inspect-publish-uid=stderr'];

/** How long it is tried. A process that waits for something answers as fast as one that runs. */
const maxMs = 2_000;
const maxFrames = 20;

/**
 * Finds out where a process is, by Node's inspector: it is paused, also in the middle of a loop, and stays so.
 *
 * @returns the frames, the innermost first; none if it runs no code but waits; undefined if it cannot be asked
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Debugger/
 */
export async function findPlace(child: ChildProcess): Promise<PausedFrame[] | undefined> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), maxMs);
  const aborted = new Promise<undefined>((resolve) => {
    ended.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  child.once('exit', () => ended.abort());
  try {
    const url = await Promise.race([inspectorOf(child), aborted]);
    return url === undefined ? undefined : await Promise.race([pausedAt(url, ended.signal), aborted]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/** Lets the process open its inspector, and reads where. */
function inspectorOf(child: ChildProcess): Promise<string> {
  const url = new Promise<string>((resolve) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text = `${text}${chunk}`.slice(-4_000);
      const [, found] = /^Debugger listening on (ws:\/\/127\.0\.0\.1:\S+)$/m.exec(text) ?? [];
      if (found) resolve(found);
    });
  });
  // Windows has no such signal. What Node's own `node inspect -p` calls there is not documented.
  if (process.platform === 'win32') Reflect.get(process, '_debugProcess')?.(child.pid);
  else child.kill('SIGUSR1');
  return url;
}

const messageSchema = z.object({ method: z.string(), params: z.unknown() });
const scriptSchema = z.object({ scriptId: z.string(), url: z.string() });
const pausedSchema = z.object({
  callFrames: z.array(
    z.object({
      functionName: z.string(),
      location: z.object({ scriptId: z.string(), lineNumber: z.number(), columnNumber: z.number() }),
    }),
  ),
});

function pausedAt(url: string, ended: AbortSignal): Promise<PausedFrame[]> {
  const socket = new WebSocket(url);
  ended.addEventListener('abort', () => socket.close(), { once: true });
  const urls = new Map<string, string>();
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('The inspector does not answer.')));
    socket.addEventListener('open', () => {
      // A process that waits pauses at the next code that it runs: that is the last of these.
      const calls = [['Debugger.enable'], ['Debugger.pause'], ['Runtime.evaluate', { expression: '0' }]];
      calls.forEach(([method, params = {}], id) => {
        socket.send(JSON.stringify({ id, method, params }));
      });
    });
    socket.addEventListener('message', ({ data }) => {
      const message = messageSchema.safeParse(parseJson(String(data))).data;
      if (message?.method === 'Debugger.scriptParsed') {
        const { scriptId, url: of } = scriptSchema.parse(message.params);
        urls.set(scriptId, of);
      }
      if (message?.method !== 'Debugger.paused') return;
      const { callFrames } = pausedSchema.parse(message.params);
      resolve(
        callFrames.slice(0, maxFrames).map(({ functionName, location }) => ({
          functionName,
          url: urls.get(location.scriptId) ?? '',
          line: location.lineNumber + 1,
          column: location.columnNumber + 1,
        })),
      );
    });
  });
}
