import { randomBytes } from 'node:crypto';
import { sign } from '../../lambda/zavu/sign.ts';
import { signatureHeader } from '../../lambda/zavu/signature.ts';
import { eventually } from './eventually.ts';
import type { StartedStack } from './started-stack.ts';

interface PostOptions {
  secret?: string;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
  ms: number;
}

/** An inbound message with an id of its own. */
export function inbound(text: string, id = `evt_${Date.now()}_${randomBytes(4).toString('hex')}`) {
  const data = {
    messageId: `msg_${id}`,
    from: '+56912345678',
    to: '+14155551234',
    channel: 'whatsapp',
    text,
  };
  return { id, type: 'message.inbound', timestamp: Date.now(), projectId: 'prj_1', data };
}

/**
 * Posts an event until it is acknowledged, as Zavu does: a busy machine may answer 5xx, which is another test's
 * subject. What was answered so may have been stored all the same, so an event may be queued more often than it was sent.
 *
 * @throws Error at any other answer
 */
export async function deliver(
  stack: StartedStack,
  event: object | string,
  options: PostOptions = {},
): Promise<Answer> {
  const answer = await untilAnswered(() => post(stack, event, options));
  if (answer.status !== 200) throw new Error(`Answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/**
 * Sends a request again while a busy machine answers 5xx, as Zavu does.
 *
 * @param detail what a failure tells besides
 * @throws Error if there is no other answer for as long as tests wait
 */
export async function untilAnswered<Answer extends { status: number }>(
  send: () => Promise<Answer>,
  detail = () => '',
): Promise<Answer> {
  let answer: Answer | undefined;
  await eventually(
    async () => {
      answer = await send();
      return answer.status < 500;
    },
    () => `an answer below 500; the last was ${answer?.status} ${detail()}`,
  );
  if (!answer) throw new Error('unreachable');
  return answer;
}

/** Posts an event, or a body as it stands, once, signed as Zavu does. */
export async function post(
  stack: StartedStack,
  event: object | string,
  options: PostOptions = {},
): Promise<Answer> {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const { secret = stack.ready.secret } = options;
  stack.confide(body);
  const startedAt = performance.now();
  const response = await fetch(stack.ready.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [signatureHeader]: sign(body, secret, 'v2', Math.floor(Date.now() / 1000)),
    },
    body,
  });
  const json: Record<string, unknown> = JSON.parse(await response.text());
  return {
    status: response.status,
    body: json,
    headers: response.headers,
    ms: performance.now() - startedAt,
  };
}
