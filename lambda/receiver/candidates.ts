import type { SigningSecret } from '../zavu/signing-secret.ts';

/** How many keys are remembered: more than are tried on the largest bodies (signer-search.ts). */
const maxRecent = 64;

/** At how many places a body is searched for an id, from its start and from its end. */
const maxProbes = 8;

/** The keys that have proved a request in this execution environment. The latest is last. */
export class RecentKeys {
  readonly #keys = new Set<string>();
  #latest: string | undefined;

  /** Notes a key that has just proved a request. */
  note(key: string): void {
    if (key === this.#latest) return;
    this.#latest = key;
    this.#keys.delete(key);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > maxRecent && oldest !== undefined) this.#keys.delete(oldest);
  }

  /** Sorts keys: those that have proved a request come first, the latest at the beginning, and then the others. */
  first(keys: ReadonlySet<string>): string[] {
    const recent = [...this.#keys].filter((key) => keys.has(key)).reverse();
    return [...new Set([...recent, ...keys])];
  }
}

/**
 * The keys to try on a body, each once, the likeliest first: those that are bound to the sender or project that the
 * body names, those that are not bound, and then the others. In each group, the keys that proved a request recently
 * come first. The order proves nothing: if a body names a wrong sender, its key is only tried later.
 */
export function keysInOrder(secrets: readonly SigningSecret[], body: Buffer, recent: RecentKeys): string[] {
  const keys = new Set(secrets.map(({ secret }) => secret));
  if (keys.size <= 1) return [...keys];

  const [senders, projects] = [namesIn(body, 'senderId'), namesIn(body, 'projectId')];
  const [named, free] = [new Set<string>(), new Set<string>()];
  for (const { secret, sender, project } of secrets) {
    if (sender === undefined && project === undefined) free.add(secret);
    else if (fits(sender, senders) && fits(project, projects)) named.add(secret);
  }
  return [...new Set([...recent.first(named), ...recent.first(free), ...recent.first(keys)])];
}

function fits(bound: string | undefined, names: ReadonlySet<string>): boolean {
  return bound === undefined || names.has(bound);
}

/**
 * The values that a field seems to have in a body, found without parsing it. Only the first and the last places are
 * read, so that values nested in the middle of a long body do not hide the envelope's own.
 */
function namesIn(body: Buffer, field: string): ReadonlySet<string> {
  const name = `"${field}"`;
  const names = new Set<string>();
  const probe = (at: number) => {
    const start = at + name.length;
    // An id of 256 characters takes 1,024 bytes at most.
    const text = body.toString('utf8', start, start + 1_050);
    const value = /^\s{0,8}:\s{0,8}"([^"\\]{1,256})"/.exec(text)?.[1];
    if (value !== undefined) names.add(value);
  };
  for (let [at, probes] = [body.indexOf(name), 0]; at >= 0 && probes < maxProbes; probes++) {
    probe(at);
    at = body.indexOf(name, at + 1);
  }
  for (let [at, probes] = [body.lastIndexOf(name), 0]; at >= 0 && probes < maxProbes; probes++) {
    probe(at);
    // A negative offset counts from the end.
    at = at === 0 ? -1 : body.lastIndexOf(name, at - 1);
  }
  return names;
}
