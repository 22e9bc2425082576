/**
 * What Zavu's contract asks of any deployment. `ZAVU_WEBHOOK_URL` and `ZAVU_WEBHOOK_SECRET` name a deployed one, which is
 * judged by its answers. Without them a local run is started, and then it is also judged what became of each event.
 *
 * A `*.test.ts` file of this folder is one target: it says with which settings, and imports the behaviours that are
 * asked of it, a file for each. So a stack is started once for all of them. `-t` chooses one:
 * `npm run conformance -- -t freshness`.
 */

import type { SenderScheme } from '../../lambda/zavu/sign.ts';
import type { SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { exchange, type RawAnswer } from '../../testing/conformance/raw-http.ts';
import { signBytes } from '../../testing/conformance/signature.ts';
import { StartedStack } from '../support/started-stack.ts';
import { untilAnswered } from '../support/webhook.ts';
import { clockAhead, deployed } from './deployed-target.ts';
import { accepted } from './needs.ts';
import { keptIn } from './unrouted-queue.ts';

/** What requests are sent to. */
interface ConformanceTarget {
  url: string;
  /** Those that prove everybody's events. */
  secrets: readonly string[];
  /** How far its clock is ahead of ours, and how wrong that may be. */
  aheadMs: number;
  uncertainMs: number;
  local?: LocalTarget;
}

/** What can be looked at behind the answers of a stack that runs here. */
interface LocalTarget {
  stack: StartedStack;
  /** Waits for the unrouted event of an id, and gives what was signed. */
  unrouted(id: string): Promise<Buffer>;
}

/** The target of the file that runs. */
export const target: ConformanceTarget = { url: '', secrets: [], aheadMs: 0, uncertainMs: 0 };

interface TargetOptions {
  /** Settings of the local run beside the tests' usual ones. */
  settings?: Record<string, string>;
  /**
   * The local run's signing secrets.
   *
   * @default one, which it makes up
   */
  secrets?: readonly SigningSecret[];
}

/** Finds the target before the tests of a file, or starts it; ends it after them, and judges what no test waits for. */
export function useTarget({ settings = {}, secrets }: TargetOptions = {}): void {
  beforeAll(async () => {
    if (deployed) {
      const { url } = deployed;
      Object.assign(target, deployed, { aheadMs: await clockAhead(url), uncertainMs: 300 });
      return;
    }
    const env = secrets && { ZAVU_WEBHOOK_SECRET: JSON.stringify(secrets) };
    const stack = await StartedStack.start({ settings, ...(env && { env }) });
    const free = secrets?.filter(({ sender, project }) => !sender && !project).map(({ secret }) => secret);
    target.url = stack.ready.url;
    target.secrets = free ?? [stack.ready.secret];
    target.local = { stack, unrouted: keptIn(stack, 'ReceiverUnroutedQueue') };
  });
  afterEach(() => expect(refusedAndYetQueued()).toEqual([]));
  afterAll(async () => {
    const { stack } = target.local ?? {};
    try {
      // After that, nothing more can happen to what a test sent.
      await stack?.drained();
      expect(refusedAndYetQueued()).toEqual([]);
    } finally {
      await stack?.stop();
    }
  });
}

/** What a request is signed with if its scheme is not what is tested. */
const usual = accepted.at(-1) ?? 'v2';

export interface Posting {
  /** @default the target's */
  url?: string;
  /** @default the strongest that the target accepts */
  scheme?: SenderScheme;
  /** @default the target's first */
  secret?: string | undefined;
  /** When it was signed, in seconds since the epoch by the target's clock. */
  at?: number;
  /** In place of the signature: one header, several, or none. */
  signature?: string | string[] | null;
  /** `null` leaves it out. */
  contentType?: string | null;
  headers?: Record<string, string>;
  /** In how many pieces the body is sent. */
  pieces?: number;
}

/**
 * Posts an event, or a body as it stands; again while a busy machine answers 5xx, as Zavu does.
 *
 * @throws Error if there is no other answer for as long as tests wait
 */
export async function post(what: object | string | Buffer, options: Posting = {}): Promise<RawAnswer> {
  const { url = target.url, contentType = 'application/json', headers = {}, pieces = 1 } = options;
  const body = bytesOf(what);
  target.local?.stack.confide(body.toString());
  return untilAnswered(() => {
    const { signature = signed(body, options) } = options;
    return exchange(url, {
      headers: {
        ...(contentType === null ? {} : { 'content-type': contentType }),
        ...(signature === null ? {} : { 'x-zavu-signature': signature }),
        ...headers,
      },
      body,
      pieces,
    });
  });
}

/** The signature of a body, by default as the target takes it. */
export function signed(what: object | string | Buffer, options: Posting = {}): string {
  const { scheme = usual, secret = targetSecret(), at = nowSeconds() } = options;
  return signBytes(bytesOf(what), scheme, secret, at);
}

export const targetSecret = (): string => target.secrets[0] ?? '';

/** The target's clock, in seconds since the epoch. */
export const nowSeconds = (): number => Math.floor((Date.now() + target.aheadMs) / 1000);

function bytesOf(what: object | string | Buffer): Buffer {
  if (Buffer.isBuffer(what)) return what;
  return Buffer.from(typeof what === 'string' ? what : JSON.stringify(what));
}

/** Looks behind the answers, which only a local target allows. A deployed one is judged by its answers alone. */
export async function lookBehind(look: (local: LocalTarget) => Promise<void>): Promise<void> {
  if (target.local) await look(target.local);
}

/** Ids of events that were refused, with the test that sent them. */
const refused = new Map<string, string | undefined>();

/** Remembers an event that must not be met behind the receiver, however late. */
export function mustNotBeQueued(id: string): void {
  refused.set(id, expect.getState().currentTestName);
}

/** What is known of such events, each told once. */
function refusedAndYetQueued(): string[] {
  const reports = target.local?.stack.reports ?? [];
  const found = reports.flatMap(({ event, id = '' }) => (refused.has(id) ? [{ event, id }] : []));
  const lines = found.map(({ event, id }) => `${event}: ${id}, which was refused in "${refused.get(id)}"`);
  for (const { id } of found) refused.delete(id);
  return lines;
}
