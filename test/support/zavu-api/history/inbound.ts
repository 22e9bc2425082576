import type Zavudev from '@zavudev/sdk';
import type { Draw } from './draw.ts';
import type { Person } from './people.ts';

/** What an inbound message holds. */
export interface Held {
  messageType: Zavudev.MessageType;
  text?: string;
  /** As a webhook has it. */
  content?: Readonly<Record<string, unknown>>;
  /** It stands beside the content in a webhook, and in it in the API. */
  referral?: Zavudev.MessageContent['referral'];
}

/** Makes a message's content. @param earlier the message that it is about */
type Kind = (draw: Draw, earlier: { id: string; text?: string } | undefined, person: Person) => Held;

const words = [
  'hola',
  'I need help with my order',
  '¿Cuándo llega? 👋',
  'ありがとう',
  'a\nb\t"c" \\ </d>',
] as const;
const text: Kind = (draw) => ({ messageType: 'text', text: `${draw.oneOf(words)} ${draw.digits(3)}` });

const media =
  (messageType: 'image' | 'video' | 'audio' | 'document' | 'sticker', mimeType: string): Kind =>
  (draw) => ({
    messageType,
    ...(messageType === 'image' ? { text: draw.oneOf(words) } : {}),
    content: {
      mediaId: draw.digits(15),
      mimeType,
      ...(messageType === 'document' ? { filename: `order-${draw.digits(4)}.pdf` } : {}),
    },
  });
const image = media('image', 'image/jpeg');
const video = media('video', 'video/mp4');
const audio = media('audio', 'audio/ogg; codecs=opus');
const document = media('document', 'application/pdf');
const sticker = media('sticker', 'image/webp');

const location: Kind = (draw) => ({
  messageType: 'location',
  content: {
    latitude: -33.4372 + draw.between(0, 1000) / 1e4,
    longitude: -70.6506 + draw.between(0, 1000) / 1e4,
    ...(draw.chance(0.5) ? { name: 'Plaza de Armas', address: 'Compañía 1000, Santiago' } : {}),
  },
});

const contact: Kind = (draw) => ({
  messageType: 'contact',
  content: { contacts: [{ name: 'Ana Núñez', phones: [`+569${draw.digits(8)}`] }, { phones: [] }] },
});

const reaction: Kind = (draw, earlier) => ({
  messageType: 'reaction',
  content: { emoji: draw.oneOf(['👍', '❤️']), reactToMessageId: earlier?.id ?? draw.id('k57') },
});

const reply: Kind = (draw, earlier, { ownAddress }) => ({
  messageType: 'text',
  text: `Yes, ${draw.oneOf(words)}`,
  content: {
    ...(earlier ? { replyToMessageId: earlier.id } : {}),
    replyToProviderMessageId: draw.id('wamid.'),
    replyToFrom: ownAddress,
    ...(earlier?.text === undefined ? {} : { replyToText: earlier.text, replyToMessageType: 'text' }),
  },
});

const buttonTap: Kind = () => ({
  messageType: 'buttons',
  text: 'Yes',
  content: { interactiveReply: { type: 'button_reply', id: 'yes', title: 'Yes' } },
});

const listTap: Kind = () => ({
  messageType: 'list',
  text: 'Morning',
  content: {
    interactiveReply: { type: 'list_reply', id: 'am', title: 'Morning', description: 'From 9 to 12' },
  },
});

const chat = [text, image, reply, reaction, video, audio] as const;

/** What people send in each channel. */
const kinds: Readonly<Record<Person['channel'], readonly [Kind, ...Kind[]]>> = {
  whatsapp: [...chat, document, sticker, location, contact, buttonTap, listTap],
  telegram: [...chat, document, sticker, location, contact],
  instagram: chat,
  messenger: chat,
  email: [text, document],
  sms: [text],
  sms_oneway: [text],
  voice: [text],
};

/**
 * What a person writes.
 *
 * @param turn decides the kind: so many turns as a channel has kinds use all of them
 */
export function heldBy(
  person: Person,
  turn: number,
  draw: Draw,
  earlier: { id: string; text?: string } | undefined,
): Held {
  const own = kinds[person.channel];
  return (own[turn % own.length] ?? own[0])(draw, earlier, person);
}

/** A first message that came by an ad. */
export function referred(draw: Draw): Held {
  return {
    messageType: 'text',
    text: 'I saw your ad',
    referral: {
      sourceType: 'ad',
      sourceId: draw.digits(15),
      sourceUrl: 'https://fb.me/ad',
      headline: 'Summer sale',
      body: 'Everything must go',
      mediaType: 'image',
      imageUrl: 'https://example.com/ad.jpg',
      ctwaClid: draw.id('ctwa_'),
    },
  };
}

/** The content as the API has it: with other names for a place, and with the ad. */
export function storedContent({ content, referral }: Held): Zavudev.MessageContent | undefined {
  if (!content && !referral) return undefined;
  const { name, address, ...rest } = content ?? {};
  return {
    ...rest,
    ...(typeof name === 'string' ? { locationName: name } : {}),
    ...(typeof address === 'string' ? { locationAddress: address } : {}),
    ...(referral ? { referral } : {}),
  };
}
