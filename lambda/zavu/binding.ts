import type { Envelope } from './envelope.ts';
import type { SigningSecret } from './signing-secret.ts';

/** What a secret is bound to: the one sender, or project, or both, whose events it proves. */
export type Binding = Pick<SigningSecret, 'sender' | 'project'>;

/**
 * Whether one of the secrets that signed an event may prove it. `elsewhere`: each of them is bound to another sender or
 * project. `unsaid`: the event does not name its sender or project, and a secret is bound to one.
 */
type Proof = 'proved' | 'unsaid' | 'elsewhere';

/** Judges whether the secrets that signed an event may prove it. */
export function provedBy(
  bindings: readonly Binding[],
  event: Pick<Envelope, 'senderId' | 'projectId'>,
): Proof {
  const proofs = bindings.map((binding) => proofOf(binding, event));
  return (
    proofs.find((proof) => proof === 'proved') ?? proofs.find((proof) => proof === 'unsaid') ?? 'elsewhere'
  );
}

/**
 * What the secrets that signed an event are bound to; empty if one of them is not bound, so that it proves any event.
 */
export function bindingsOf(secrets: readonly Binding[]): readonly Binding[] {
  if (secrets.some(({ sender, project }) => sender === undefined && project === undefined)) return [];
  return secrets.map(({ sender, project }) => ({
    ...(sender === undefined ? {} : { sender }),
    ...(project === undefined ? {} : { project }),
  }));
}

function proofOf({ sender, project }: Binding, event: Pick<Envelope, 'senderId' | 'projectId'>): Proof {
  const pairs = [
    { bound: sender, declared: event.senderId },
    { bound: project, declared: event.projectId },
  ].filter(({ bound }) => bound !== undefined);
  if (pairs.some(({ bound, declared }) => declared !== undefined && declared !== bound)) return 'elsewhere';
  return pairs.some(({ declared }) => declared === undefined) ? 'unsaid' : 'proved';
}
