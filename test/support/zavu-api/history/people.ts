import type Zavudev from '@zavudev/sdk';
import type { Draw } from './draw.ts';
import { iso, type Telling } from './telling.ts';

type Channel = Exclude<Zavudev.Channel, 'auto'>;

/** Where and how somebody is reached. */
interface Reach {
  channel: Channel;
  address(draw: Draw): string;
  /** Whether the number is hidden, or many people stand behind the address. */
  isGroup?: boolean;
  /** What cannot be answered, nor begin a conversation. */
  isOneWay?: boolean;
}

const phone = (draw: Draw) => `+569${draw.digits(8)}`;
const chat = (draw: Draw) => draw.digits(10);

/** Every channel, and WhatsApp in its kinds: with a number, with a hidden number, as a group. */
export const reaches: readonly [Reach, ...Reach[]] = [
  { channel: 'whatsapp', address: phone },
  { channel: 'sms', address: phone },
  { channel: 'whatsapp', address: (draw) => `US.${draw.digits(16)}` },
  { channel: 'telegram', address: chat },
  { channel: 'email', address: (draw) => `${draw.id('anna.')}@example.com` },
  { channel: 'whatsapp', address: phone },
  { channel: 'instagram', address: chat },
  { channel: 'messenger', address: chat },
  { channel: 'whatsapp', address: (draw) => `${draw.digits(18)}@g.us`, isGroup: true },
  { channel: 'sms_oneway', address: phone, isOneWay: true },
  { channel: 'voice', address: phone, isOneWay: true },
];

/** Somebody outside, with one conversation. */
export interface Person {
  channel: Channel;
  /** By which the conversation is known. */
  address: string;
  /** Who writes: in a group it is not the address. */
  author: string;
  /** As WhatsApp has it; null in other channels. */
  profileName: string | null;
  group?: { id: string; subject: string };
  isOneWay: boolean;
  contactId: string;
  conversationId: string;
  senderId: string;
  /** The project's own address in the channel. */
  ownAddress: string;
}

const names = ['John Doe', 'María Núñez', 'Ōe 健三郎', 'O’Hara 👋', 'Ana'] as const;

/** @param index decides the channel: so many people as there are reaches use all of them */
export function newPerson(index: number, draw: Draw, senderIds: readonly [string, ...string[]]): Person {
  const {
    channel,
    address,
    isGroup = false,
    isOneWay = false,
  } = reaches[index % reaches.length] ?? reaches[0];
  const own = address(draw);
  return {
    channel,
    address: own,
    author: isGroup ? phone(draw) : own,
    profileName: channel === 'whatsapp' ? `${draw.oneOf(names)} ${index}` : null,
    ...(isGroup ? { group: { id: own, subject: `Group ${index}` } } : {}),
    isOneWay,
    contactId: draw.id('jn7'),
    conversationId: draw.id('jd7'),
    senderId: senderIds[index % senderIds.length] ?? senderIds[0],
    ownAddress: channel === 'email' ? 'shop@example.com' : '+14155551234',
  };
}

/** Lets Zavu make the contact of a person, as it does at the first message. */
export function tellContact(person: Person, at: number, telling: Telling): void {
  const { author, channel, contactId, profileName } = person;
  const isPhone = author.startsWith('+');
  const object: Zavudev.Contact = {
    id: contactId,
    availableChannels: [channel],
    channels: [
      {
        id: `${contactId}c`,
        channel: channel === 'sms_oneway' ? 'sms' : channel,
        createdAt: iso(at),
        identifier: author,
        isPrimary: true,
        verified: false,
      },
    ],
    createdAt: iso(at),
    // What the project's staff call somebody is in no webhook.
    displayName: `Customer ${contactId}`,
    metadata: {},
    profileName,
    verified: false,
    ...(isPhone ? { primaryPhone: author, phoneNumber: author } : {}),
    ...(channel === 'email' ? { primaryEmail: author } : {}),
  };
  telling.happens({ list: 'contacts', at, object });
}
