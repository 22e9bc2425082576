import { type Answer, given, refused } from './answer.ts';
import { type Placed, pageOf } from './page.ts';
import { isStoredName, type StandInProject, type StoredName } from './project.ts';
import { shownSender } from './sender.ts';

/** A request of the API, for whoever looks at it. */
export interface ApiRequest {
  /** Counted from 1, of all projects. */
  number: number;
  method: string;
  /** Without what is asked for. */
  path: string;
  query: URLSearchParams;
  /** By the stand-in's clock, in milliseconds. */
  at: number;
  /** Of the key; undefined if Zavu knows no such key. */
  projectId?: string;
}

/** What a list can be asked for. */
const filters: readonly string[] = ['channel', 'status', 'to', 'senderId', 'direction'];

/**
 * Answers a request about all but one sender.
 *
 * @param pages counts how many pages of this list were given before, this one included
 */
export function projectAnswer(project: StandInProject, request: ApiRequest, pages: () => number): Answer {
  const { method, path, query, at } = request;
  const [, , name = '', id, rest] = path.split('/').map(decodeURIComponent);
  if (method === 'POST' && path === '/v1/templates/sync') {
    if (project.templatesSyncedAt !== undefined) project.templatesSyncedAt = at;
    return given({ accountsSynced: 1, errors: [], imported: 0, linked: 0, skipped: 0, updated: 0 });
  }
  if (method !== 'GET') return refused(404, 'Not found');
  if (path === '/v1/me') {
    return given({
      apiKey: { id: 'key_1' },
      isTestMode: project.isTestMode,
      project: { id: project.id, isSubAccount: false, name: null },
      team: { id: 'team_1', name: null },
    });
  }

  const page = (objects: readonly Placed<object>[]) =>
    pageOf({
      cursorsOf: `${path} ${project.cursors}`,
      objects,
      order: project.orders.get(name) ?? 'newest first',
      query,
      isWanted: (object) => isWanted(object, query),
      isEmpty: project.emptyPageEvery > 0 && pages() % project.emptyPageEvery === 0,
    });

  if (path === '/v1/senders') {
    const senders = [...project.senders].map(([id, sender]) => ({ ...shownSender(id, sender) }));
    return page(senders.map((object, time) => ({ id: object.id, time, object })));
  }
  if (name === 'contacts' && id === 'phone') {
    const contact = project.at('contacts', at).find(({ object }) => hasPhone(object, rest ?? ''));
    return contact ? given(contact.object) : refused(404, 'Contact not found');
  }
  if (name === 'conversations' && id !== undefined && rest === 'messages') {
    if (!project.find('conversations', id, at)) return refused(404, 'Conversation not found');
    const messages = project.at('messages', at);
    return page(messages.filter(({ object }) => 'conversationId' in object && object.conversationId === id));
  }
  if (!isStoredName(name)) return refused(404, 'Not found');
  if (id !== undefined) {
    const object = rest === undefined ? project.find(name, id, at) : undefined;
    if (!object) return refused(404, 'Not found');
    return given(wrappers[name] ? { [wrappers[name]]: object } : object);
  }
  const search = query.get('search')?.toLowerCase();
  const objects = project.at(name, at);
  return page(search === undefined ? objects : objects.filter(({ object }) => isFound(object, search)));
}

/** What one object is wrapped in. A template and a contact are in nothing. */
const wrappers: Partial<Record<StoredName, string>> = {
  messages: 'message',
  conversations: 'conversation',
  calls: 'call',
  invitations: 'invitation',
  broadcasts: 'broadcast',
};

function isWanted(object: object, query: URLSearchParams): boolean {
  return Object.entries(object).every(
    ([name, value]) => !filters.includes(name) || !query.has(name) || query.get(name) === value,
  );
}

function hasPhone(contact: object, phone: string): boolean {
  return 'primaryPhone' in contact && contact.primaryPhone === phone;
}

/** As Zavu searches: in names too, and in parts of addresses. */
function isFound(object: object, search: string): boolean {
  return JSON.stringify(object).toLowerCase().includes(search);
}
