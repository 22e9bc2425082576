import { type OutputName, type Outputs, outputNames } from '../../lib/outputs.ts';

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
  const prefixes = prefixesIn(outputs);
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

/**
 * What the outputs of each construct begin with, in the order of the alphabet. Each has a URL and a secret: an output of
 * yours that only ends in `WebhookUrl` is none.
 */
export function prefixesIn(outputs: StackOutputs): string[] {
  return Object.keys(outputs)
    .filter((name) => name.endsWith(outputNames.webhookUrl))
    .map((name) => name.slice(0, -outputNames.webhookUrl.length))
    .filter((prefix) => Object.hasOwn(outputs, `${prefix}${outputNames.signingSecretName}`))
    .sort();
}

function outputsOf(outputs: StackOutputs, prefix: string): Outputs {
  const named = Object.entries(outputs)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length) as OutputName, value]);
  return Object.fromEntries(named);
}
