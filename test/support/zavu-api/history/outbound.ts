import type Zavudev from '@zavudev/sdk';
import type { Draw } from './draw.ts';
import type { Person } from './people.ts';
import { iso, type Telling } from './telling.ts';

const [secondMs, minuteMs, hourMs] = [1000, 60_000, 3_600_000];

/** A status that a message reaches. */
type Step = 'queued' | 'sent' | 'delivered' | 'read' | 'failed';

interface Failure {
  errorCode: string | null;
  errorMessage: string | null;
}

/** How far messages come, each as often as the others. */
const ways: readonly [readonly Step[], ...(readonly Step[])[]] = [
  ['queued', 'sent', 'delivered', 'read'],
  ['queued', 'sent', 'delivered'],
  ['queued', 'sent', 'delivered', 'read'],
  ['queued', 'sent', 'failed'],
  ['queued', 'sent', 'delivered'],
  ['queued', 'failed'],
  ['queued', 'sent', 'delivered', 'read'],
  ['queued', 'sent'],
];

const failures: readonly [Failure, ...Failure[]] = [
  { errorCode: '30003', errorMessage: 'Unreachable destination handset' },
  { errorCode: 'DAILY_LIMIT_EXCEEDED', errorMessage: null },
  { errorCode: 'EMAIL_INVALID_RECIPIENT', errorMessage: 'Malformed address' },
];

const noFailure: Failure = { errorCode: null, errorMessage: null };

/** Sends a message to a person, and lets it reach what it reaches: in seconds mostly, sometimes hours later. */
export function tellOutbound(
  person: Person,
  at: number,
  draw: Draw,
  telling: Telling,
): { id: string; text?: string } {
  const { channel, address: to, ownAddress, conversationId, senderId } = person;
  const isTemplate = channel === 'whatsapp' && draw.chance(0.3);
  const templateId = isTemplate ? draw.id('k57tpl') : undefined;
  const text = isTemplate ? undefined : `Your order #${draw.digits(5)} has shipped ✓`;
  const id = draw.id('k57');
  let changedAt = at;
  for (const status of draw.oneOf(ways)) {
    // Reading is reported by WhatsApp alone.
    if (status === 'read' && channel !== 'whatsapp') break;
    changedAt += delayOf(status, draw);
    const failure = status === 'failed' ? draw.oneOf(failures) : noFailure;
    const object: Zavudev.Message = {
      id,
      channel,
      direction: 'outbound',
      from: ownAddress,
      to,
      messageType: isTemplate ? 'template' : 'text',
      status,
      ...(text ? { text } : {}),
      ...(templateId ? { content: { templateId, templateVariables: { '1': 'Ana' } } } : {}),
      ...failure,
      cost: 0.004,
      conversationId,
      senderId,
      createdAt: iso(at),
      updatedAt: iso(changedAt),
    };
    const about = status === 'queued' ? { templateId: templateId ?? null } : failure;
    telling.happens(
      { list: 'messages', at: changedAt, object },
      { type: `message.${status}`, data: { messageId: id, to, channel, status, ...about }, senderId },
    );
  }
  return { id, ...(text ? { text } : {}) };
}

/** The time from the step before, in milliseconds. */
function delayOf(status: Step, draw: Draw): number {
  switch (status) {
    case 'queued':
      return 0;
    case 'sent':
      return draw.between(secondMs, 5 * secondMs);
    case 'read':
      return draw.between(5 * secondMs, draw.chance(0.3) ? 12 * hourMs : 10 * minuteMs);
    default:
      // A phone that is switched off.
      return draw.between(secondMs, draw.chance(0.1) ? 10 * hourMs : minuteMs);
  }
}
