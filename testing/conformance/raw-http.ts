import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '../../lambda/shared/json.ts';

interface RawRequest {
  method?: string;
  /** A list is sent as so many headers of that name. */
  headers?: Record<string, string | string[]>;
  body?: Buffer;
  /** In how many pieces the body is sent, with a pause after each. */
  pieces?: number;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The answer's JSON; undefined where it is none. */
  body: unknown;
}

const pauseMs = 150;
const answerWithinMs = 30_000;

/**
 * Sends a request exactly as told: `fetch` joins headers of one name and adds a Content-Type.
 *
 * @throws Error where no answer comes
 */
export function exchange(url: string, request: RawRequest = {}): Promise<RawAnswer> {
  const { method = 'POST', headers = {}, body = Buffer.alloc(0), pieces = 1 } = request;
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      method,
      headers: { ...headers, 'content-length': body.length },
      // A connection of its own: one that is kept may be closed by the other side just as it is used.
      agent: false,
      signal: AbortSignal.timeout(answerWithinMs),
    });
    outgoing.once('error', reject);
    outgoing.once('response', async (response) => {
      try {
        const chunks: Buffer[] = await response.toArray();
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parseJson(text) });
      } catch (error) {
        reject(error);
      }
    });
    void write(outgoing, body, pieces);
  });
}

async function write(outgoing: ReturnType<typeof requestHttp>, body: Buffer, pieces: number): Promise<void> {
  const size = Math.ceil(body.length / pieces);
  for (let piece = 0; piece < pieces - 1; piece++) {
    outgoing.write(body.subarray(piece * size, (piece + 1) * size));
    await sleep(pauseMs);
  }
  outgoing.end(body.subarray((pieces - 1) * size));
}
