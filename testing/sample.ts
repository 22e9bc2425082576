import { randomBytes } from 'node:crypto';
import type { DataOf, EventType } from '../lambda/zavu/catalogue.ts';
import { type Envelope, readEnvelope } from '../lambda/zavu/envelope.ts';
import type { EventOf } from '../lambda/zavu/event.ts';
import { sample as sampleText } from '../lambda/zavu/samples.ts';

/** What of a sample's envelope can be set. */
export interface SampleEnvelope {
  /** @default a new one */
  id?: string;
  /**
   * Milliseconds since the epoch.
   *
   * @default the present time
   */
  timestamp?: number;
  /**
   * `undefined` leaves it out.
   *
   * @default that of the sample
   */
  projectId?: string | undefined;
  /**
   * `undefined` leaves it out.
   *
   * @default that of the sample, if it has one
   */
  senderId?: string | undefined;
}

/**
 * An event as Zavu sends it, in the form in which a handler gets it.
 *
 * @param type of the event
 * @param data fields of its data that are otherwise than in the sample
 *
 * @example sample('message.inbound', { text: 'Hola' }, { senderId: 'snd_1' })
 */
export function sample<T extends EventType>(
  type: T,
  data: Partial<DataOf<T>> = {},
  envelope: SampleEnvelope = {},
): EventOf<T> {
  const text = sampleText(type);
  const { event } = readEnvelope(text, Date.now()) ?? {};
  if (!event) throw new Error(`The sample of ${type} is no event.`);
  const whole: Envelope = {
    ...event,
    id: `evt_${Date.now()}_${randomBytes(6).toString('hex')}`,
    timestamp: Date.now(),
    ...(envelope as Partial<Envelope>),
    data: { ...event.data, ...data },
  };
  for (const name of ['projectId', 'senderId'] as const) if (whole[name] === undefined) delete whole[name];
  // The samples are held to the catalogue (test/lambda/zavu/event.test.ts), and `data` by its type.
  return whole as EventOf<T>;
}
