import { createHash } from 'node:crypto';
import type { RawAnswer } from '../../testing/conformance/raw-http.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { lookBehind, mustNotBeQueued } from './harness.ts';

/** An event's fields that decide what becomes of it. */
export interface Sent {
  id?: unknown;
  projectId?: unknown;
  senderId?: unknown;
  data?: unknown;
  [field: string]: unknown;
}

/** Expects that a request was taken, under an id. */
export function expectTaken(answer: RawAnswer, id: string): void {
  expect(answer).toMatchObject({ status: 200, body: { received: true, id } });
}

/**
 * Expects that an event was taken, and that its handler got the text, once.
 *
 * @param text what was sent, if it is not the event's own JSON
 */
export async function expectHandled(
  answer: RawAnswer,
  event: Sent,
  text = JSON.stringify(event),
): Promise<void> {
  const id = idOf(event, text);
  expectTaken(answer, id);
  await lookBehind(async ({ stack }) => {
    await stack.until(id, ['handled']);
    const said = Object(event.data).text ?? '';
    expect(stack.effects(id)).toEqual([{ id, attempt: 1, idempotencyKey: keyOf(id, event), text: said }]);
  });
}

/** Expects of an event that was delivered so many times that it was handled at one of them, and nothing is left of it. */
export async function expectHandledOnce(id: string, deliveries: number): Promise<void> {
  await lookBehind(async ({ stack }) => {
    await stack.until(id, ['handled', 'duplicate'], deliveries);
    expect(stack.of(id, 'handled')).toHaveLength(1);
    expect(stack.of(id, 'dead_lettered')).toHaveLength(0);
    expect(stack.effects(id)).toHaveLength(1);
  });
}

/** Expects of an event that was handled before that more deliveries are duplicates, and nothing else. */
export async function expectDuplicates(id: string, times: number): Promise<void> {
  await lookBehind(async ({ stack }) => {
    await stack.until(id, ['duplicate'], times);
    expect(stack.effects(id)).toHaveLength(1);
  });
}

/** Expects of events with one id, of several owners, that each was handled under a key of its own. */
export async function expectEachHandled(stack: StartedStack, events: readonly Sent[]): Promise<void> {
  const id = String(events[0]?.id);
  await stack.until(id, ['handled'], events.length);
  const keys = stack.effects(id).map(({ idempotencyKey }) => idempotencyKey);
  expect(keys.sort()).toEqual(events.map((event) => keyOf(id, event)).sort());
}

/** Expects that a request was taken, and that it is kept as it was signed, because nobody handles it. */
export async function expectUnrouted(
  answer: RawAnswer,
  id: string,
  signed: string | Buffer,
  reason = 'unknown_type',
): Promise<void> {
  expectTaken(answer, id);
  await lookBehind(async ({ stack, unrouted }) => {
    await stack.until(id, ['unrouted']);
    expect(stack.of(id, 'unrouted')).toContainEqual(expect.objectContaining({ reason }));
    const kept = await unrouted(id);
    // Not by a matcher, which would print megabytes.
    const isSame = Buffer.isBuffer(signed) ? kept.equals(signed) : ascii(String(kept)) === ascii(signed);
    expect(isSame).toBe(true);
  });
}

/** Expects that a signed request that nobody can read was taken, and is kept byte for byte. */
export async function expectUnreadable(answer: RawAnswer, signed: Buffer): Promise<void> {
  await expectUnrouted(answer, digest(signed), signed, 'unreadable');
}

/** Expects that a request was refused, and that its event is never met behind the receiver. */
export function expectRefused(answer: RawAnswer, status: number, error: string, id?: string): void {
  if (id !== undefined) mustNotBeQueued(id);
  expect(answer).toMatchObject({ status, body: { error, message: expect.any(String) } });
}

/** The id by which an event is known: its own, or its text's if it has none that can be used. */
export function idOf({ id }: Sent, text: string): string {
  if (typeof id === 'string' && /^[!-~]{1,200}$/.test(id)) return id;
  return Number.isSafeInteger(id) ? String(id) : digest(ascii(text));
}

/** What a handler hands on: the id and, if the event names one, its owner. */
function keyOf(id: string, { projectId, senderId }: Sent): string {
  const pair = [projectId, senderId].map((name) => (isOwnersId(name) ? name : null));
  if (pair.every((name) => name === null)) return id;
  return `${id}:${createHash('sha256').update(JSON.stringify(pair)).digest('hex').slice(0, 32)}`;
}

/** Of a sender or a project. */
const isOwnersId = (id: unknown): id is string =>
  typeof id === 'string' && id !== '' && id.length <= 256 && id.isWellFormed();

const digest = (what: string | Buffer) => `sha256:${createHash('sha256').update(what).digest('hex')}`;

/** JSON as a queue holds it. */
const ascii = (text: string) =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
