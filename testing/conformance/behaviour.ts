import type { SenderScheme } from '../../lambda/zavu/sign.ts';
import type { Scheme } from '../../lambda/zavu/signature.ts';
import type { Judge } from './judge.ts';

/** What decides which behaviours are asked of a target. */
export interface TargetFacts {
  /** The schemes that it takes, weakest first. */
  accepted: readonly Scheme[];
  /** How many signing secrets are known that prove everybody's events. */
  secretCount: number;
  /** Whether its answers are to be those of this project's receiver. */
  isExact: boolean;
}

/** What a target must be. Gives a sentence on what it lacks; undefined if it lacks nothing. */
export type Need = (facts: TargetFacts) => string | undefined;

/** Something that is asked of a webhook. */
export interface Behaviour {
  /** What it is about: `event id`. The name goes on from there: `of 36 characters: the event is handled`. */
  group: string;
  name: string;
  need: Need;
  /** @throws Error that says what was expected, and what came */
  run(judge: Judge): Promise<void>;
}

type Define = (name: string, run: Behaviour['run'], need?: Need) => void;

/** The behaviours of a group. */
export function behaviours(group: string, define: (behaviour: Define) => void): readonly Behaviour[] {
  const found: Behaviour[] = [];
  define((name, run, need = needsNothing) => found.push({ group, name, run, need }));
  return found;
}

const needsNothing: Need = () => undefined;

/** The target takes requests that are signed so. */
export const takes =
  (scheme: SenderScheme): Need =>
  ({ accepted }) =>
    scheme.split('+').some((name) => accepted.some((other) => other === name))
      ? undefined
      : `${scheme} is not accepted`;

/** The target takes `v2` and nothing else. */
export const takesV2Alone: Need = ({ accepted }) =>
  accepted.length === 1 && accepted[0] === 'v2' ? undefined : 'other schemes than v2 are accepted';

/** The target has several secrets. */
export const hasSeveralSecrets: Need = ({ secretCount }) =>
  secretCount > 1 ? undefined : 'one secret is known';

/** The target answers as this project's receiver does. */
export const answersExactly: Need = ({ isExact }) => (isExact ? undefined : 'others may answer otherwise');
