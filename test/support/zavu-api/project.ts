import type Zavudev from '@zavudev/sdk';
import type { Listed } from '../../../lambda/reconcile/api/zavu-project.ts';
import type { Order, Placed } from './page.ts';
import type { StandInSender } from './sender.ts';

/** What a project has, by the name of its list in the API's paths. */
export interface Stored extends Listed {
  contacts: Zavudev.Contact;
}
export type StoredName = keyof Stored;

/** An object of a list, as it is from a time on, in milliseconds. */
export type Version = {
  [Name in StoredName]: { list: Name; at: number; object: Stored[Name] };
}[StoredName];

const created = ({ createdAt = '' }: { createdAt?: string }) => Date.parse(createdAt);

/** The time by which each list is ordered, in milliseconds. */
const orderedBy: Readonly<Record<StoredName, (object: Stored[StoredName]) => number>> = {
  messages: created,
  /** "Most recently active first", says Zavu's SDK. */
  conversations: ({ updatedAt = '' }) => Date.parse(updatedAt),
  calls: created,
  invitations: created,
  templates: created,
  broadcasts: created,
  contacts: created,
};

export function isStoredName(name: string): name is StoredName {
  return Object.hasOwn(orderedBy, name);
}

interface ProjectProps {
  id: string;
  /** Of a test key, which sees its own world. */
  isTestMode?: boolean;
}

/** A project of Zavu's, with all that it ever had: its lists show what there is by a clock. */
export class StandInProject {
  readonly id: string;
  readonly isTestMode: boolean;
  readonly senders = new Map<string, StandInSender>();
  /** Of all lists, if a test does not turn round one of them. */
  readonly orders = new Map<string, Order>();
  /** How many requests Zavu takes in a minute. */
  requestsPerMinute = Number.POSITIVE_INFINITY;
  /** Each so many pages of a list one is empty and the list goes on; 0 is never. */
  emptyPageEvery = 0;
  /** Whether templates stay as they were at the last `templates/sync`, in milliseconds; undefined if they never do. */
  templatesSyncedAt: number | undefined;
  /** Cursors of an earlier number have expired. */
  cursors = 0;
  /** What each list showed the last time. */
  readonly #seen = new Map<StoredName, Seen>();
  /** The versions of each object, by list and id. */
  readonly #versions = new Map<StoredName, Map<string, Version[]>>();

  constructor({ id, isTestMode = false }: ProjectProps) {
    this.id = id;
    this.isTestMode = isTestMode;
  }

  /** Adds objects, or new versions of them, in the order of their times. */
  put(...versions: readonly Version[]): void {
    this.load(versions);
  }

  /** Adds as many as there are in a history, in the order of their times. */
  load(versions: Iterable<Version>): void {
    for (const version of versions) {
      this.#seen.delete(version.list);
      const list = this.#versions.get(version.list) ?? new Map<string, Version[]>();
      this.#versions.set(version.list, list);
      const known = list.get(version.object.id);
      if (known) known.push(version);
      else list.set(version.object.id, [version]);
    }
  }

  /** Takes an object away, as somebody does who deletes it. */
  remove(list: StoredName, id: string): void {
    this.#seen.delete(list);
    this.#versions.get(list)?.delete(id);
  }

  /** No cursor that was given out until now leads anywhere. */
  expireCursors(): void {
    this.cursors++;
  }

  /** The objects of a list at a time in milliseconds. The same array until one of them changes. */
  at(list: StoredName, now: number): readonly Placed<Stored[StoredName]>[] {
    const time = this.#timeOf(list, now);
    const known = this.#seen.get(list);
    if (known && time >= known.from && time < known.until) return known.objects;
    const objects: Placed<Stored[StoredName]>[] = [];
    let until = Number.POSITIVE_INFINITY;
    for (const [id, versions] of this.#versions.get(list) ?? []) {
      const object = this.find(list, id, now);
      if (object) objects.push({ id, time: orderedBy[list](object), object });
      until = Math.min(until, versions.find(({ at }) => at > time)?.at ?? until);
    }
    this.#seen.set(list, { from: time, until, objects });
    return objects;
  }

  /** An object at a time in milliseconds; undefined if there is none yet. */
  find<Name extends StoredName>(list: Name, id: string, now: number): Stored[Name] | undefined {
    const time = this.#timeOf(list, now);
    const version = this.#versions
      .get(list)
      ?.get(id)
      ?.findLast(({ at }) => at <= time);
    return version?.object as Stored[Name] | undefined;
  }

  /** The time of which a list shows its objects. */
  #timeOf(list: StoredName, now: number): number {
    return list === 'templates' ? Math.min(this.templatesSyncedAt ?? now, now) : now;
  }
}

interface Seen {
  /** Until when the list shows the same, from a time on. */
  from: number;
  until: number;
  objects: readonly Placed<Stored[StoredName]>[];
}
