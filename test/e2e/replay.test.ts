import { longestLadder } from '../../lambda/zavu/delivery.ts';
import { senderSchemes, sign } from '../../lambda/zavu/sign.ts';
import { exchange, type RawAnswer } from '../../testing/conformance/raw-http.ts';
import { runCommand } from '../support/command.ts';
import { StartedStack } from '../support/started-stack.ts';
import { inbound, untilAnswered } from '../support/webhook.ts';

const maxEventAgeSeconds = 21_600;
let stack: StartedStack;

beforeAll(async () => {
  stack = await StartedStack.start({ settings: { maxEventAgeSeconds: String(maxEventAgeSeconds) } });
});
afterAll(async () => {
  await stack.stop();
});

/** An event that is this old. */
const aged = (seconds: number) => ({ ...inbound('hello'), timestamp: Date.now() - seconds * 1000 });
const nowSeconds = () => Math.floor(Date.now() / 1000);

/** Sends a request, again while a busy machine answers 5xx. */
function send(body: string, signature: string): Promise<RawAnswer> {
  const headers = { 'content-type': 'application/json', 'x-zavu-signature': signature };
  return untilAnswered(() => exchange(stack.ready.url, { headers, body: Buffer.from(body) }));
}

test.each(senderSchemes)(
  'signed with %s: an event as old as a retry of Zavu is handled, and one above maxEventAgeSeconds is refused',
  async (scheme) => {
    const post = (event: object) => {
      const body = JSON.stringify(event);
      return send(body, sign(body, stack.ready.secret, scheme, nowSeconds()));
    };
    // As old as a retry of Zavu's can be.
    const young = aged(longestLadder.seconds);
    expect(await post(young)).toMatchObject({ status: 200 });
    await stack.until(young.id, ['handled']);
    expect(await post(aged(maxEventAgeSeconds + 5))).toMatchObject({
      status: 401,
      body: { error: 'stale_event' },
    });
  },
);

test('a captured v1+v2 request that is sent without v2 and with a time of now is accepted, and is a duplicate', async () => {
  const event = aged(0);
  const body = JSON.stringify(event);
  const captured = sign(body, stack.ready.secret, 'v1+v2', nowSeconds());
  expect(await send(body, captured)).toMatchObject({ status: 200 });
  await stack.until(event.id, ['handled']);

  const v1 = captured.match(/v1=\w+/)?.[0];
  expect(await send(body, `t=${nowSeconds() + 30},${v1}`)).toMatchObject({ status: 200 });
  await stack.until(event.id, ['duplicate']);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test('an event without a timestamp, with a signature that has none, is unrouted until a person redrives it by its reason', async () => {
  const { timestamp: _, ...event } = aged(0);
  const body = JSON.stringify(event);
  const v1 = sign(body, stack.ready.secret, 'v1', nowSeconds());
  expect(await send(body, v1)).toMatchObject({ status: 200 });
  await stack.until(event.id, ['unrouted']);
  expect(stack.of(event.id, 'unrouted')[0]).toMatchObject({ reason: 'age_unknown' });

  const unrouted = (...args: string[]) => runCommand('unrouted', args, stack);
  const all = await unrouted('redrive', '--all');
  expect(all).toMatchObject({ code: 0, stdout: '0 unrouted events redriven.\n' });
  expect(all.stderr).toContain('--reason age_unknown');
  expect(await unrouted('redrive', '--reason', 'age_unknown')).toMatchObject({ code: 0 });
  await stack.until(event.id, ['handled']);

  // What proves its age by its signature is the same event.
  expect(await send(body, sign(body, stack.ready.secret, 'v2', nowSeconds()))).toMatchObject({ status: 200 });
  await stack.until(event.id, ['duplicate']);
  expect(stack.effects(event.id)).toHaveLength(1);
});
