import { randomBytes } from 'node:crypto';
import { type SenderScheme, sign } from '../../tools/sign.ts';
import type { LocalStack } from './local-stack.ts';

export interface PostOptions {
  scheme?: SenderScheme;
  secret?: string;
  /** Seconds since the epoch at which it is signed. */
  at?: number;
  /** In place of the signature; null leaves the header out. */
  signature?: string | null;
  contentType?: string;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
  ms: number;
}

/** An inbound message with an id of its own. */
export function inbound(text: string, id = `evt_${Date.now()}_${randomBytes(4).toString('hex')}`) {
  const data = { messageId: 'msg_1', from: '+56912345678', to: '+14155551234', channel: 'whatsapp', text };
  return { id, type: 'message.inbound', timestamp: Date.now(), projectId: 'prj_1', data };
}

/** Posts a body (an event, or the text itself) as Zavu does. */
export async function post(
  stack: LocalStack,
  event: object | string,
  options: PostOptions = {},
): Promise<Answer> {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const { scheme = 'v2', secret = stack.ready.secret, at = Math.floor(Date.now() / 1000) } = options;
  const signature = options.signature === undefined ? sign(body, secret, scheme, at) : options.signature;
  const startedAt = performance.now();
  const response = await fetch(stack.ready.url, {
    method: 'POST',
    headers: {
      'content-type': options.contentType ?? 'application/json',
      ...(signature === null ? {} : { 'x-zavu-signature': signature }),
    },
    body: Buffer.from(body),
  });
  const json: Record<string, unknown> = JSON.parse(await response.text());
  return {
    status: response.status,
    body: json,
    headers: response.headers,
    ms: performance.now() - startedAt,
  };
}
