import { createHash } from 'node:crypto';
import { idOfText } from '../../lambda/zavu/envelope.ts';
import { ownerOf } from '../../lambda/zavu/owner.ts';
import type { PlannedEvent } from './plan.ts';

/** What Zavu sends for a planned event, and how it is known afterwards. */
export interface Body {
  bytes: Buffer;
  /** The event's own id, or its text's or bytes' where it has none that can be read. */
  id: string;
  /** The keys that its handlers get: one for each owner. */
  keys: readonly string[];
}

/** Larger than a queue takes, and not when it is compressed. */
const largeText = 'Where is my parcel? ¿Dónde está mi pedido? 👋 '.repeat(30_000);

/**
 * Writes a planned event. The events of an id that two senders use are two bodies, which have one id.
 *
 * @param name what tells it from all others of a soak
 * @param at when Zavu sends it first, in milliseconds since the epoch
 */
export function bodiesOf({ type, order, shape }: PlannedEvent, name: string, at: number): Body[] {
  const event = {
    id: name,
    type,
    timestamp: at,
    projectId: 'prj_1',
    // With enough for every type, so that handlers see what they see in life.
    data: {
      messageId: `msg_${name}`,
      templateId: `tpl_${name}`,
      callId: 'call_1',
      direction: 'inbound',
      name: 'n',
      from: '+1',
      to: '+2',
      channel: 'sms',
      status: 's',
      text: order,
    },
  };
  switch (shape) {
    case 'no id':
      return [bodyOf({ ...event, id: undefined }, 'prj_1')];
    case 'number id': {
      // As unlike all others as a name.
      const id = createHash('sha256').update(name).digest().readUIntBE(0, 6);
      return [bodyOf({ ...event, id }, 'prj_1', String(id))];
    }
    case 'no timestamp':
      return [bodyOf({ ...event, timestamp: undefined }, 'prj_1', name)];
    case 'ISO timestamp':
      return [bodyOf({ ...event, timestamp: new Date(at).toISOString() }, 'prj_1', name)];
    case 'timestamp in seconds':
      return [bodyOf({ ...event, timestamp: Math.floor(at / 1000) }, 'prj_1', name)];
    case 'no data':
      return [bodyOf({ ...event, data: undefined }, 'prj_1', name)];
    case 'odd owner':
      return [bodyOf({ ...event, projectId: ['prj_1'] }, undefined, name)];
    case 'id of two senders':
      return ['snd_1', 'snd_2'].map((senderId) => {
        const { bytes } = bodyOf({ ...event, senderId }, 'prj_1', name);
        return { bytes, id: name, keys: [`${name}:${ownerOf({ projectId: 'prj_1', senderId })}`] };
      });
    case 'unreadable':
      return [ofBytes(Buffer.from(JSON.stringify({ event: name, at })))];
    case 'no text':
      return [ofBytes(Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(name)]))];
    case 'large':
      return [bodyOf({ ...event, more: largeText }, 'prj_1', name)];
    default:
      return [bodyOf(event, 'prj_1', name)];
  }
}

function bodyOf(event: object, projectId: string | undefined, own?: string): Body {
  const text = JSON.stringify(event);
  const id = own ?? idOfText(text);
  const owner = projectId === undefined ? '' : ownerOf({ projectId });
  return { bytes: Buffer.from(text), id, keys: [owner ? `${id}:${owner}` : id] };
}

function ofBytes(bytes: Buffer): Body {
  return { bytes, id: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, keys: [] };
}
