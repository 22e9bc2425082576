import type Zavudev from '@zavudev/sdk';
import type { Draw } from './draw.ts';
import { iso, type Telling } from './telling.ts';

/** How calls end, and what Zavu says of it. */
const ends = [
  { status: 'completed', endReason: 'hangup' },
  { status: 'no_answer', endReason: 'no_answer' },
  { status: 'completed', endReason: 'agent_ended' },
  { status: 'busy', endReason: 'busy' },
  { status: 'failed', endReason: null },
  { status: 'canceled', endReason: 'canceled' },
] as const;

/** Lets a call be made, and end. @param index decides how it ends */
export function tellCall(at: number, index: number, senderId: string, draw: Draw, telling: Telling): void {
  const id = draw.id('jc7');
  const direction = index % 2 === 0 ? 'inbound' : 'outbound';
  const [customer, own] = [`+569${draw.digits(8)}`, '+14155551234'];
  const [from, to] = direction === 'inbound' ? [customer, own] : [own, customer];
  const { status, endReason } = ends[index % ends.length] ?? ends[0];
  const isHeld = status === 'completed';
  const answeredAt = at + draw.between(2000, 20_000);
  const durationSeconds = draw.between(5, 900);
  const endedAt = isHeld ? answeredAt + durationSeconds * 1000 : at + draw.between(1000, 60_000);

  const initiated: Zavudev.CallListResponse = {
    id,
    direction,
    from,
    to,
    status: 'ringing',
    createdAt: iso(at),
    updatedAt: iso(at),
    answeredAt: null,
    endedAt: null,
    cost: null,
    durationSeconds: null,
    endReason: null,
  };
  const tell = (
    type: 'initiated' | 'answered' | 'completed' | 'failed',
    time: number,
    object: Zavudev.CallListResponse,
  ) => {
    const ended = object.endedAt ? { cost: object.cost, currency: 'USD' } : {};
    const data = {
      callId: id,
      direction,
      from,
      to,
      status: object.status,
      durationSeconds: object.durationSeconds,
      endReason: object.endReason,
      transcriptAvailable: object.status === 'completed',
      ...ended,
    };
    telling.happens({ list: 'calls', at: time, object }, { type: `call.${type}`, data, senderId });
  };

  tell('initiated', at, initiated);
  const answered = { ...initiated, status: 'in_progress' as const, answeredAt: iso(answeredAt) };
  if (isHeld) tell('answered', answeredAt, { ...answered, updatedAt: iso(answeredAt) });
  tell(isHeld ? 'completed' : 'failed', endedAt, {
    ...(isHeld ? { ...answered, durationSeconds } : initiated),
    status,
    endReason,
    cost: isHeld ? 0.012 : 0,
    endedAt: iso(endedAt),
    updatedAt: iso(endedAt),
  });
}
