import type { KnownItem, KnownItems } from '../messages/known-items.ts';
import type { Routes } from '../routing/routes.ts';
import type { Listed, ListName, ZavuProject } from './api/zavu-project.ts';
import { type FedEvent, fedEvent } from './queue-feed.ts';
import { isMissing, knownAs, type ReachedState, reachedStates } from './rebuild/reached-state.ts';
import { rebuildEvent } from './rebuild/rebuilt-event.ts';
import { reconciledId } from './reconciled-id.ts';
import { countRecovered, type Report } from './report.ts';
import { createdAt } from './times.ts';

/** A span of time, in milliseconds: after `from`, up to `to`. */
export interface Span {
  from: number;
  to: number;
}

/** What an object of Zavu's API is compared with. */
export interface Comparison {
  project: ZavuProject;
  projectId: string;
  known: KnownItems;
  routes: Routes;
  /** Since when this deployment records everything that is compared, in milliseconds. */
  recordedSince: number;
  /** The event types that are compared; an empty list means all. */
  types: readonly string[];
  report: Report;
  /** The ids of the events that this run has made. It makes none twice. */
  made: Set<string>;
  /** Milliseconds. */
  now(): number;
}

/** An event that a worker's queue lacks. */
export interface MissingEvent {
  worker: string;
  fed: FedEvent;
  id: string;
  type: string;
  /** When it happened, in milliseconds. */
  at: number;
}

/** How many objects are looked up at once. */
const parallelLookups = 10;

/**
 * Finds the events that this deployment should have, and has not, among objects of one list.
 *
 * @param span when what counts happened
 */
export async function missingEvents<Name extends ListName>(
  name: Name,
  objects: readonly Listed[Name][],
  span: Span,
  comparison: Comparison,
): Promise<MissingEvent[]> {
  const missing: MissingEvent[] = [];
  for (let index = 0; index < objects.length; index += parallelLookups) {
    const some = objects.slice(index, index + parallelLookups);
    missing.push(
      ...(await Promise.all(some.map((object) => missingOf(name, object, span, comparison)))).flat(),
    );
  }
  return missing;
}

async function missingOf<Name extends ListName>(
  name: Name,
  object: Listed[Name],
  { from, to }: Span,
  comparison: Comparison,
): Promise<MissingEvent[]> {
  const { known, projectId, routes, types, report, made, now } = comparison;
  const states = reachedStates(name, object, now()).flatMap((state) => {
    const worker = routes.workerFor(state.type);
    const isAsked = types.length === 0 || types.includes(state.type);
    return worker && isAsked && state.at > from && state.at <= to ? [{ ...state, worker }] : [];
  });
  if (states.length === 0) return [];
  report.looked += states.length;
  const context = await contextOf(name, object, states, comparison);
  const lacking: typeof states = [];
  for (const state of states) {
    if (made.has(reconciledId(state.subject))) continue;
    const items = await Promise.all(
      knownAs(state, context.firstMessage?.id).map(({ kind, id }) => known.find(kind, id, projectId)),
    );
    if (items.every((item) => isMissing(state, item) && isFresh(state, item, object, comparison)))
      lacking.push(state);
  }
  report.had += states.length - lacking.length;
  const rebuilt = await Promise.all(
    lacking.map((state) => rebuild(name, object, state, context, comparison)),
  );
  return rebuilt.flatMap((event) => event ?? []);
}

/** What else of Zavu an event is made of. */
interface Context {
  /** Of a conversation. */
  firstMessage?: Listed['messages'];
}

/** The first message of a conversation: its event may be known by that one alone. It is not asked for if the conversation is known. */
async function contextOf(
  name: ListName,
  object: Listed[ListName],
  [state]: readonly ReachedState[],
  { known, projectId, project }: Comparison,
): Promise<Context> {
  if (name !== 'conversations' || !state) return {};
  const item = await known.find(state.subject.kind, state.subject.id, projectId);
  if (!isMissing(state, item)) return {};
  const firstMessage = await project.firstMessage(object.id);
  return firstMessage ? { firstMessage } : {};
}

/**
 * Whether it says anything that a state is not known. Templates, broadcasts and invitations live long: nothing is known of
 * one whose events all came before events of its kind were recorded.
 */
function isFresh(
  { subject }: ReachedState,
  item: KnownItem | undefined,
  object: Listed[ListName],
  { recordedSince }: Comparison,
): boolean {
  const livesLong = ['template', 'broadcast', 'invitation'].includes(subject.kind);
  return item !== undefined || !livesLong || createdAt(object) >= recordedSince;
}

async function rebuild(
  name: ListName,
  object: Listed[ListName],
  state: ReachedState & { worker: string },
  { firstMessage }: Context,
  { project, projectId, report, made }: Comparison,
): Promise<MissingEvent | undefined> {
  const { type, at, worker } = state;
  const profileName =
    type === 'message.inbound' && 'from' in object && typeof object.from === 'string'
      ? await project.contactName(object.from)
      : undefined;
  const event = rebuildEvent(name, object, state, {
    projectId,
    ...(profileName === undefined ? {} : { profileName }),
    ...(firstMessage === undefined ? {} : { firstMessage }),
  });
  const fed = fedEvent(event);
  if (!fed) {
    report.impossible++;
    return undefined;
  }
  made.add(event.id);
  countRecovered(report, type, at);
  return { worker, fed, id: event.id, type, at };
}
