import type Zavudev from '@zavudev/sdk';
import { createZavuClient } from '../../shared/zavu-client.ts';
import { cursorIn, readable } from './answer.ts';
import { CursorExpired, RequestRefused } from './api-errors.ts';
import { isReachedBy, whatsappName } from './contact.ts';
import { type RequestSettings, Requests } from './requests.ts';

export const listNames = [
  'messages',
  'conversations',
  'calls',
  'invitations',
  'templates',
  'broadcasts',
] as const;
export type ListName = (typeof listNames)[number];

/** What each list has. The types are Zavu's own; what really comes is not checked, and may have other forms. */
export interface Listed {
  messages: Zavudev.Message;
  conversations: Zavudev.ConversationListResponse;
  calls: Zavudev.CallListResponse;
  invitations: Zavudev.Invitation;
  templates: Zavudev.Template;
  broadcasts: Zavudev.Broadcast;
}

/** A page may be empty although the list goes on. */
export interface Page<Item> {
  items: readonly Item[];
  /** None on the last page. */
  nextCursor: string | undefined;
}

/**
 * One project of Zavu, by its API. Each method throws ApiKeyRefused, RequestRefused or ZavuUnavailable, or the reason of
 * the signal; a method that takes a cursor may throw CursorExpired too. No error has the key, an id, an address or
 * anything of an answer in it.
 */
export interface ZavuProject {
  /** Who the key is. */
  identity(): Promise<{ projectId: string; isTestMode: boolean }>;
  /** A page of a list: the first one, or the one that a cursor leads to. */
  list<Name extends ListName>(name: Name, cursor?: string): Promise<Page<Listed[Name]>>;
  /** @returns undefined if Zavu knows none */
  message(id: string): Promise<Zavudev.Message | undefined>;
  /** @returns undefined if Zavu knows no such conversation, or if it is too long to be read to its beginning */
  firstMessage(conversationId: string): Promise<Zavudev.Message | undefined>;
  /**
   * The name that a person has in WhatsApp, which is the one that a webhook has. The name that the project's staff gave the
   * contact is another one.
   *
   * @param address a phone number, an e-mail address, or an id of WhatsApp or another channel
   */
  contactName(address: string): Promise<string | undefined>;
  /** Lets Zavu ask WhatsApp for the templates' statuses. */
  syncTemplates(): Promise<void>;
  senders(cursor?: string): Promise<Page<Zavudev.Sender>>;
  /** Requests so far, repeated ones included. */
  readonly requests: number;
}

interface ZavuProjectOptions extends RequestSettings {
  apiKey: string;
  /** @default Zavu's own */
  baseUrl?: string | undefined;
}

/** The most that Zavu takes. */
const pageSize = 100;
/** How far back a conversation is read for its first message. */
const maxConversationPages = 10;

/**
 * Creates the access to one project of Zavu's.
 *
 * Lists are read page by page, because the SDK's own iteration ends at the first page that is empty, and takes an answer
 * that is no list for an empty one.
 *
 * @throws Error if the key cannot be one, or if it would be sent unencrypted
 */
export function createZavuProject({ apiKey, baseUrl, ...settings }: ZavuProjectOptions): ZavuProject {
  // A header that takes no such key would quote it in its error.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new Error('The API key has a character that no key of Zavu has.');
  const client = createZavuClient({ apiKey, baseUrl, maxRetries: 0 });
  const requests = new Requests(settings);

  /** @param path without an id, or with an encoded one */
  function pageOf<Item>(what: string, path: string, cursor?: string, search?: string): Promise<Page<Item>> {
    const query = { limit: pageSize, ...(cursor ? { cursor } : {}), ...(search ? { search } : {}) };
    return requests.ask({ what, hasCursor: query.cursor !== undefined }, async (signal) => {
      const answer = await client.get<Partial<Page<Item>> | string | null>(path, { query, signal });
      const { items, nextCursor } = Object(answer) as Partial<Page<Item>>;
      return { items: readable(items, Array.isArray(items)), nextCursor: cursorIn(nextCursor) };
    });
  }

  return {
    get requests() {
      return requests.count;
    },

    identity() {
      return requests.ask({ what: 'the project of the API key' }, async (signal) => {
        const me = await client.me.retrieve({ signal });
        const projectId = me?.project?.id;
        return {
          projectId: readable(projectId, typeof projectId === 'string' && projectId !== ''),
          isTestMode: readable(me.isTestMode, typeof me.isTestMode === 'boolean'),
        };
      });
    },

    list: (name, cursor) => pageOf(`the list of ${name}`, `/v1/${name}`, cursor),

    senders: (cursor) => pageOf('the list of senders', '/v1/senders', cursor),

    async message(id) {
      if (!isPathSegment(id)) return undefined;
      return ifKnown(
        requests.ask({ what: 'a message' }, async (signal) => {
          const { message } = Object(await client.messages.retrieve(id, { signal }));
          return readable<Zavudev.Message>(message, Object(message) === message);
        }),
      );
    },

    async firstMessage(conversationId) {
      if (!isPathSegment(conversationId)) return undefined;
      const path = `/v1/conversations/${encodeURIComponent(conversationId)}/messages`;
      let first: Zavudev.Message | undefined;
      let cursor: string | undefined;
      for (let count = 0; count < maxConversationPages; count++) {
        const page = await ifKnown(pageOf<Zavudev.Message>('the messages of a conversation', path, cursor));
        // Also if it was deleted meanwhile, or if its cursor expired: the event can do without its first message.
        if (!page) return undefined;
        first = [first, ...page.items].reduce(earlier);
        cursor = page.nextCursor;
        if (!cursor) return first;
      }
      return undefined;
    },

    async contactName(address) {
      if (!isPathSegment(address)) return undefined;
      const what = 'a contact';
      const contact = /^\+\d+$/.test(address)
        ? await ifKnown(
            requests.ask({ what }, (signal) => client.contacts.retrieveByPhone(address, { signal })),
          )
        : (await pageOf<Zavudev.Contact>(what, '/v1/contacts', undefined, address)).items.find((each) =>
            isReachedBy(each, address),
          );
      return whatsappName(contact);
    },

    async syncTemplates() {
      await requests.ask({ what: 'the statuses of templates' }, async (signal) => {
        await client.templates.sync(undefined, { signal });
      });
    },
  };
}

/** The answer, or undefined if Zavu knows nothing of the name, or not any more. */
async function ifKnown<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RequestRefused && error.status === 404) return undefined;
    if (error instanceof CursorExpired) return undefined;
    throw error;
  }
}

/** Whether a text can stand in a path as one segment. Another one is no id of Zavu's. */
function isPathSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && text.isWellFormed();
}

/** Not the last of the list, because its order is not promised. */
function earlier(one: Zavudev.Message | undefined, other: Zavudev.Message | undefined) {
  return one && other && Date.parse(one.createdAt) <= Date.parse(other.createdAt) ? one : (other ?? one);
}
