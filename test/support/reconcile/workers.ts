import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type ItemKind, itemKey } from '../../../lambda/messages/key.ts';
import type { KnownItem } from '../../../lambda/messages/known-items.ts';
import { addToMessage, type Message } from '../../../lambda/messages/message.ts';
import { addToStates, isStateEvent, type StateItem } from '../../../lambda/messages/state-item.ts';
import { isMessageEvent, ranks } from '../../../lambda/messages/status-change.ts';
import { namedSubjectOf, subjectOf } from '../../../lambda/messages/subject.ts';
import { addToTemplate, isTemplateEvent, type Template } from '../../../lambda/messages/template.ts';
import { reconciledAttribute } from '../../../lambda/queued-event/attributes.ts';
import type { OutgoingEvent } from '../../../lambda/queued-event/outgoing-event.ts';
import { unpack } from '../../../lambda/queued-event/text.ts';
import { type Envelope, readEnvelope } from '../../../lambda/zavu/envelope.ts';
import { type Event, parseEvent } from '../../../lambda/zavu/event.ts';
import type { Claims } from './claims.ts';

type Item = Message | Template | StateItem;

const parallelWrites = 50;

/** An event that a worker takes from its queue. */
interface Taken {
  envelope: Envelope;
  /** Whether reconciling has put it there. */
  reconciled: boolean;
  /** When, in milliseconds. */
  at: number;
}

/**
 * The workers of a deployment, as far as reconciling sees them: what they take from their queues is in the messages table
 * then. Without claims whatever is fed twice under two ids is handled twice, and is found.
 */
export class WorkersInMemory {
  /** What reconciling has put into the queues, in order. */
  readonly fed: Envelope[] = [];
  /** The ids of the events that were handled, by what they are about. */
  readonly handled = new Map<string, Set<string>>();
  /** The ids of the events that handlers were run for: one that was handled twice is there twice. */
  readonly runs: string[] = [];
  /** The ids of the events that were duplicates of others which are about the same. */
  readonly superseded = new Set<string>();
  /** The ids of the rebuilt events that were put into a queue although what they are about had been handled. */
  readonly needless: string[] = [];
  readonly #queue: Envelope[] = [];
  readonly #items = new Map<string, Item>();
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #claims: Claims | undefined;

  /** @param claims what decides whether an event is handled; every event is, if there is none */
  constructor(client: DynamoDBClient, tableName: string, claims?: Claims) {
    this.#client = client;
    this.#tableName = tableName;
    this.#claims = claims;
  }

  /** What was handled twice: under its own id, and under that of a rebuilt event. */
  get handledTwice(): string[] {
    return [...this.handled].flatMap(([subject, ids]) => {
      const isRebuilt = [...ids].some((id) => id.startsWith('reconciled:'));
      return isRebuilt && ids.size > 1 ? [`${subject}: ${[...ids]}`] : [];
    });
  }

  /** What is known of a message, a call or the like, by its one item. */
  known(kind: ItemKind, id: string): KnownItem | undefined {
    const item = this.#items.get(`${kind}#${id}`);
    if (!item) return undefined;
    const reports = 'reports' in item ? Object.keys(item.reports) : ranks.filter((rank) => rank in item);
    return { status: item.status, states: new Set([...reports, item.status]), updatedAt: item.updatedAt };
  }

  /** What the rebuilt events are about, sorted, each once. */
  get fedSubjects(): string[] {
    const events = this.fed.flatMap((envelope) => parseEvent(envelope)?.event ?? []);
    return [...new Set(events.flatMap((event) => subjectsOf(event)[0] ?? []))].sort();
  }

  /** Takes rebuilt events into a queue. */
  enqueue(events: readonly OutgoingEvent[]): void {
    for (const { body, attributes } of events) {
      const read = readEnvelope(unpack(body, attributes.encoding) ?? '', Date.now());
      if (!read) throw new Error('An event that nobody can read was put into a queue.');
      if (attributes[reconciledAttribute] === undefined)
        throw new Error('An event is not marked as rebuilt.');
      this.fed.push(read.event);
      const event = parseEvent(read.event)?.event;
      if (event && subjectsOf(event).some((subject) => this.handled.has(subject)))
        this.needless.push(read.event.id);
      this.#queue.push(read.event);
    }
  }

  /** Handles all that waits in the queues. @param at when, in milliseconds */
  async drain(at: number): Promise<void> {
    await this.handle(this.#queue.splice(0).map((envelope) => ({ envelope, reconciled: true, at })));
  }

  /** Handles events, and records them. */
  async handle(taken: readonly Taken[]): Promise<void> {
    for (let index = 0; index < taken.length; index += parallelWrites) {
      const some = taken.slice(index, index + parallelWrites);
      const claimed = await Promise.all(some.map((each) => this.#claim(each)));
      await this.#record(some.flatMap(({ envelope }, of) => (claimed[of] ? [envelope] : [])));
    }
  }

  /** Whether an event is to be handled. */
  async #claim({ envelope, reconciled, at }: Taken): Promise<boolean> {
    const event = parseEvent(envelope)?.event;
    if (!this.#claims || !event) return true;
    const outcome = await this.#claims.take({ envelope, event, reconciled, at });
    if (outcome === 'superseded') this.superseded.add(envelope.id);
    return outcome === 'handled';
  }

  async #record(envelopes: readonly Envelope[]): Promise<void> {
    const changed = new Map<string, object>();
    for (const envelope of envelopes) {
      this.runs.push(envelope.id);
      const event = parseEvent(envelope)?.event;
      const named = event && namedSubjectOf(event);
      const key = named && itemKey(named.kind, named.id, envelope);
      if (!event || !key || 'problem' in key) continue;
      for (const subject of subjectsOf(event)) {
        this.handled.set(subject, (this.handled.get(subject) ?? new Set<string>()).add(envelope.id));
      }
      const item = added(event, this.#items.get(key.id), String(named.state));
      this.#items.set(key.id, item);
      // Under one key, whichever sender the events name.
      changed.set(key.id, { ...item, id: key.id, owner: `${envelope.projectId}#` });
    }
    const puts = [...changed.values()].map(
      (item) => new PutItemCommand({ TableName: this.#tableName, Item: marshall(item) }),
    );
    await Promise.all(puts.map((put) => this.#client.send(put)));
  }
}

/** What an event is about, as texts: `message k57 delivered`. A webhook may name a conversation by its first message alone. */
export function subjectsOf(event: Event): string[] {
  const names = [event];
  if (event.type === 'conversation.new')
    names.push({ ...event, data: { ...event.data, conversationId: null } });
  return names.flatMap((each) => {
    const { kind, id, state } = subjectOf(each) ?? {};
    return id === undefined ? [] : [`${kind} ${id} ${state}`];
  });
}

function added(event: Event, before: Item | undefined, state: string): Item {
  const recording = { storeMessageContent: false, now: event.timestamp };
  if (isMessageEvent(event)) return addToMessage(before as Message | undefined, event, recording);
  if (isTemplateEvent(event)) return addToTemplate(before as Template | undefined, event, recording);
  if (isStateEvent(event)) return addToStates(before as StateItem | undefined, event, state, event.timestamp);
  throw new Error(`${event.type} is recorded nowhere.`);
}
