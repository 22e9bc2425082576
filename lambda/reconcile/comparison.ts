import type { KnownItem, KnownItems } from '../messages/known-items.ts';
import type { Subject } from '../messages/subject.ts';
import type { OutgoingEvent } from '../queued-event/outgoing-event.ts';
import type { Routes } from '../routing/routes.ts';
import type { Listed, ListName, ZavuProject } from './api/zavu-project.ts';
import { fedEvent } from './queue-feed.ts';
import { isMissing, knownAs, type ReachedState, reachedStates } from './rebuild/reached-state.ts';
import { rebuildEvent } from './rebuild/rebuilt-event.ts';
import { reconciledId } from './reconciled-id.ts';
import { noteBound, type Report } from './report.ts';
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
  /** Since when each event type is compared, in milliseconds; one that is not named always is. */
  typesSince: Readonly<Record<string, number>>;
  /** The event types that are compared; an empty list means all. */
  types: readonly string[];
  report: Report;
  /** The ids of the events that this run has put into queues. It makes none twice. */
  recovered: ReadonlySet<string>;
  /** Milliseconds. */
  now(): number;
}

/** An event that a worker's queue lacks. */
export interface MissingEvent {
  worker: string;
  fed: OutgoingEvent;
  id: string;
  type: string;
  /** When it happened, in milliseconds. */
  at: number;
}

/** What the comparison of an object has found. */
type Found = Pick<Report, 'looked' | 'had' | 'impossible'> & { missing: readonly MissingEvent[] };

const nothingFound: Found = { looked: 0, had: 0, impossible: 0, missing: [] };

/**
 * Finds the events that this deployment should have, and has not, among objects of one list. The report counts them once all
 * are compared: what is cut short is compared again.
 *
 * @param objects a few, which are looked up at once
 * @param span when what counts happened
 */
export async function missingEvents<Name extends ListName>(
  name: Name,
  objects: readonly Listed[Name][],
  span: Span,
  comparison: Comparison,
): Promise<MissingEvent[]> {
  const found = await Promise.all(objects.map((object) => compare(name, object, span, comparison)));
  const { report } = comparison;
  for (const { looked, had, impossible } of found) {
    report.looked += looked;
    report.had += had;
    report.impossible += impossible;
  }
  return found.flatMap(({ missing }) => missing);
}

async function compare<Name extends ListName>(
  name: Name,
  object: Listed[Name],
  { from, to }: Span,
  comparison: Comparison,
): Promise<Found> {
  const { known, projectId, report, routes, types, typesSince, recovered, now } = comparison;
  const states = reachedStates(name, object, now()).flatMap((state) => {
    const worker = routes.workerFor(state.type);
    const isAsked = types.length === 0 || types.includes(state.type);
    const since = Math.max(from, typesSince[state.type] ?? from);
    return worker && isAsked && state.at > since && state.at <= to ? [{ ...state, worker }] : [];
  });
  if (states.length === 0) return nothingFound;
  const find = onceEach(({ kind, id }) => known.find(kind, id, projectId));
  const context = await contextOf(name, object, states, find, comparison);
  const lacking: typeof states = [];
  let others = 0;
  for (const state of states) {
    if (recovered.has(reconciledId(state.subject))) continue;
    const items = await Promise.all(knownAs(state, context.firstMessage?.id).map(find));
    if (!items.every((item) => isMissing(state, item) && isFresh(state, item, object, comparison))) continue;
    // Ids are of one project. If all would be, the API calls the project otherwise than webhooks do, and nothing is missing.
    if (items.some((item) => item?.isOthers)) others++;
    else lacking.push(state);
  }
  if (others > 0) noteBound(report, 'other_project');
  const rebuilt = await Promise.all(
    lacking.map((state) => rebuild(name, object, state, context, comparison)),
  );
  const missing = rebuilt.flatMap((event) => event ?? []);
  return {
    looked: states.length,
    had: states.length - lacking.length - others,
    impossible: lacking.length - missing.length,
    missing,
  };
}

/** Looks a subject up, whatever its state. */
type Find = (subject: Pick<Subject, 'kind' | 'id'>) => Promise<KnownItem | undefined>;

/** Asks once for each subject: the states of one object are mostly of one. */
function onceEach(find: Find): Find {
  const asked = new Map<string, ReturnType<Find>>();
  return (subject) => {
    const key = `${subject.kind}#${subject.id}`;
    const answer = asked.get(key) ?? find(subject);
    asked.set(key, answer);
    return answer;
  };
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
  find: Find,
  { project }: Comparison,
): Promise<Context> {
  if (name !== 'conversations' || !state) return {};
  if (!isMissing(state, await find(state.subject))) return {};
  const firstMessage = await project.firstMessage(object.id);
  return firstMessage ? { firstMessage } : {};
}

/**
 * Whether it says anything that a state is not known. Templates and broadcasts live long, and change in other ways than by
 * their status: nothing is known of one whose events all came before events of its kind were recorded.
 */
function isFresh(
  { subject }: ReachedState,
  item: KnownItem | undefined,
  object: Listed[ListName],
  { recordedSince }: Comparison,
): boolean {
  const livesLong = ['template', 'broadcast'].includes(subject.kind);
  return item !== undefined || !livesLong || createdAt(object) >= recordedSince;
}

/** @returns undefined if a queue does not take such an event */
async function rebuild(
  name: ListName,
  object: Listed[ListName],
  state: ReachedState & { worker: string },
  { firstMessage }: Context,
  { project, projectId }: Comparison,
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
  return fed && { worker, fed, id: event.id, type, at };
}
