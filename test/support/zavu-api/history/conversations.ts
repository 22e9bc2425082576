import type Zavudev from '@zavudev/sdk';
import type { Draw } from './draw.ts';
import { type Held, heldBy, referred, storedContent } from './inbound.ts';
import { tellOutbound } from './outbound.ts';
import { type Person, tellContact } from './people.ts';
import { iso, type Telling } from './telling.ts';

/** Every so many conversations of WhatsApp begin with an ad. */
const referredEvery = 3;

/** A conversation as it goes on, message by message, in the order of time. */
export class Conversation {
  readonly #person: Person;
  readonly #draw: Draw;
  readonly #telling: Telling;
  readonly #index: number;
  #createdAt: number | undefined;
  #messages = 0;
  #unread = 0;
  #latest: { id: string; text?: string } | undefined;

  /** @param index of the person among all */
  constructor(person: Person, index: number, draw: Draw, telling: Telling) {
    this.#person = person;
    this.#index = index;
    this.#draw = draw;
    this.#telling = telling;
  }

  /** One more message: from the person, or, later in the conversation, to the person. */
  goesOn(at: number): void {
    const isFirst = this.#createdAt === undefined;
    this.#createdAt ??= at;
    if (isFirst) tellContact(this.#person, at, this.#telling);
    const isInbound = !this.#person.isOneWay && (isFirst || this.#draw.chance(0.6));
    const message = isInbound ? this.#inbound(at, isFirst) : this.#outbound(at);
    this.#messages++;
    this.#unread += Number(isInbound);
    this.#latest = message;
    this.#tell(message, at, isInbound ? 'inbound' : 'outbound', isFirst);
  }

  #outbound(at: number): { id: string; text?: string } {
    return tellOutbound(this.#person, at, this.#draw, this.#telling);
  }

  #inbound(at: number, isFirst: boolean): { id: string; text?: string } {
    const { channel, author, ownAddress, conversationId, senderId, profileName, group } = this.#person;
    const hasAd = isFirst && channel === 'whatsapp' && this.#index % referredEvery === 0 && !group;
    const held: Held = hasAd
      ? referred(this.#draw)
      : heldBy(this.#person, this.#messages + this.#index, this.#draw, this.#latest);
    const { messageType, text, content, referral } = held;
    const id = this.#draw.id('k57');
    const common = { from: author, to: ownAddress, channel, messageType, ...(text ? { text } : {}) };
    const stored = storedContent(held);
    const object: Zavudev.Message = {
      id,
      ...common,
      direction: 'inbound',
      // Zavu stores what it received so too.
      status: 'delivered',
      ...(stored ? { content: stored } : {}),
      conversationId,
      senderId,
      createdAt: iso(at),
      updatedAt: iso(at),
    };
    const data = {
      messageId: id,
      ...common,
      status: 'received',
      ...(content ? { content } : {}),
      conversationId: isFirst ? null : conversationId,
      profileName,
      providerTimestamp: at - this.#draw.between(100, 3000),
      ...(referral ? { referral } : {}),
      ...(group ? { isGroup: true, groupId: group.id, groupAuthor: author, groupName: group.subject } : {}),
    };
    this.#telling.happens({ list: 'messages', at, object }, { type: 'message.inbound', data, senderId });
    return { id, ...(text ? { text } : {}) };
  }

  #tell(
    { id, text = '' }: { id: string; text?: string },
    at: number,
    direction: 'inbound' | 'outbound',
    isNew: boolean,
  ): void {
    const { channel, address, group, contactId, conversationId, senderId, profileName } = this.#person;
    const email = channel === 'email' ? { email: address } : undefined;
    const object: Zavudev.ConversationListResponse = {
      id: conversationId,
      channels: [channel],
      contactIdentifier: address,
      createdAt: iso(this.#createdAt ?? at),
      updatedAt: iso(at),
      lastMessage: { id, at: iso(at), channel, direction, text },
      messageCount: this.#messages,
      unreadCount: this.#unread,
      senderId,
      ...(group ? { group } : { contactId }),
      ...email,
    };
    const data = {
      conversationId,
      ...(email ?? { phoneNumber: address }),
      channel,
      firstMessageId: id,
      firstMessageText: text,
      profileName,
    };
    const said = { type: 'conversation.new', data, senderId } as const;
    this.#telling.happens({ list: 'conversations', at, object }, isNew ? said : undefined);
  }
}
