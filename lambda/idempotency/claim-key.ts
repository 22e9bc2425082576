import type { Envelope } from '../zavu/envelope.ts';
import { ownerOf } from '../zavu/owner.ts';

/**
 * The key by which an event is claimed, which its handler gets as `idempotencyKey`: the event's id and its owner, so
 * that an event is never a duplicate of another owner's (docs/decisions/0026), and the forced replay, if it belongs to
 * one. Within one forced replay the same event has one key. In another one it has another key, so that what a handler
 * calls does not take it for a repetition of what was done before (docs/decisions/0017).
 */
export function claimKey(event: Envelope, replay: string | undefined): string {
  return [event.id, ownerOf(event), replay].filter(Boolean).join(':');
}
