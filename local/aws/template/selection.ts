import { outputPrefixes } from '../../../lib/outputs.ts';
import type { SynthesizedStack } from './cloud-assembly.ts';

/** The deployment of the webhooks' construct that the local run runs. */
export interface Selection {
  stack: SynthesizedStack;
  /** What its outputs' names begin with: the construct's id, or '' if that is Default. */
  prefix: string;
  /** Those of the other ones in the same stack. */
  otherPrefixes: readonly string[];
}

/**
 * Chooses the deployment to run among all stacks of an app. It is known by two outputs that it always has.
 *
 * @param wanted `<stack>` or `<stack>/<construct>`; undefined if there is one only
 * @throws Error if there is none, if several fit, or if none has that name
 */
export function selectDeployment(stacks: readonly SynthesizedStack[], wanted?: string): Selection {
  const all = stacks.flatMap((stack) => {
    const prefixes = outputPrefixes(stack.template.Outputs ?? {});
    return prefixes.map((prefix) => ({
      stack,
      prefix,
      otherPrefixes: prefixes.filter((other) => other !== prefix),
    }));
  });
  if (all.length === 0) {
    const names = stacks.map(({ displayName }) => displayName).join(', ');
    throw new Error(
      `No stack of this app receives Zavu's webhooks${names && ` (it has ${names})`}. ` +
        'Put `new ZavuWebhooks(...)` into one.',
    );
  }
  const fitting = wanted === undefined ? all : all.filter((each) => namesOf(each).includes(wanted));
  const [selection, ...others] = fitting;
  const choosable = fitting.length > 0 ? fitting : all;
  const choices = choosable
    .map((each) => label(each, all))
    .sort()
    .join(', ');
  if (!selection) {
    throw new Error(`--stack ${wanted} is no stack that receives Zavu's webhooks. There is: ${choices}.`);
  }
  if (others.length > 0) {
    throw new Error(
      `The local run runs one deployment of Zavu's webhooks. Choose it with --stack, and one of: ${choices}.`,
    );
  }
  return selection;
}

/** Every name that --stack may choose it by. */
function namesOf({ stack, prefix }: Selection): string[] {
  const names = [stack.name, stack.displayName];
  return [...names, ...names.map((name) => `${name}/${prefix || 'Default'}`)];
}

/** The shortest name that chooses it and none of the others. */
function label(selection: Selection, all: readonly Selection[]): string {
  const isUnique = (name: string) => all.filter((each) => namesOf(each).includes(name)).length === 1;
  const { stack, prefix } = selection;
  const names = namesOf(selection);
  return names.find(isUnique) ?? `${stack.displayName}/${prefix || 'Default'}`;
}
