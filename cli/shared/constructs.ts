import { type Outputs, outputNames, outputPrefixes, outputsOf } from '../../lib/outputs.ts';

/** All outputs of a stack, by their names: those of its webhooks, and those of what stands beside them. */
export type StackOutputs = Readonly<Record<string, string>>;

/** The webhooks of a stack. */
export interface ChosenConstruct {
  /** What the names of its outputs and its logical ids begin with; empty if it is all of its stack. */
  prefix: string;
  /** Its outputs, by the names that `outputNames` has. */
  outputs: Outputs;
}

/**
 * Chooses a construct among those of a stack.
 *
 * @param stack what messages call it
 * @param wanted the prefix of the one that a person named; undefined if a person named none
 * @throws Error if there is none, or none of this name, or if there are several and none was named
 */
export function chooseConstruct(
  stack: string,
  outputs: StackOutputs,
  wanted: string | undefined,
): ChosenConstruct {
  const prefixes = outputPrefixes(outputs);
  const [first, ...others] = prefixes;
  if (first === undefined) {
    throw new Error(
      `${stack} has no webhooks: no output of it is called ${outputNames.webhookUrl}, or ends so. ` +
        'Name a stack that holds a ZavuWebhooks.',
    );
  }
  const choices = prefixes.map((prefix) => `${stack}/${prefix || 'Default'}`).join(', ');
  if (wanted === undefined && others.length > 0) {
    throw new Error(`${stack} holds several: name one of --stack ${choices}.`);
  }
  const prefix = wanted ?? first;
  if (!prefixes.includes(prefix)) {
    throw new Error(`${stack} holds no ${prefix || 'Default'}. It holds: --stack ${choices}.`);
  }
  return { prefix, outputs: outputsOf(outputs, prefix) };
}
