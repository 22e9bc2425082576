import { archiveEnv } from '../../lambda/archive/env.ts';
import { canaryEnv } from '../../lambda/canary/env.ts';
import { eventBusVariable } from '../../lambda/event-bus/env.ts';
import { messagesEnv } from '../../lambda/messages/env.ts';
import { pausesEnv } from '../../lambda/pauses/env.ts';
import { canaryVariable, receiverEnv } from '../../lambda/receiver/env.ts';
import { apiUrlVariable, reconcileEnv } from '../../lambda/reconcile/env.ts';
import { claimSubjectsVariable, workerEnv } from '../../lambda/worker/env.ts';
import { emulatedServices, endpointPrefix, endpointVariable } from '../aws/endpoint/emulated-services.ts';
import type { FunctionDefinition } from '../runtime/functions/definitions.ts';
import { secretPrefix } from './secrets.ts';

/** The user's variables for what runs here. */
export interface LocalVariables {
  /** Those of .env.local. */
  ofFile: Readonly<Record<string, string | undefined>>;
  /** Those that may give a secret its text, by name. */
  ofSecrets: Readonly<Record<string, string | undefined>>;
}

/** What became of the variables of .env.local. */
export interface AppliedVariables {
  /** The names of those that functions have now. */
  set: readonly string[];
  /** The names of those that nothing has, each with the reason. */
  unused: readonly string[];
}

/** What the construct sets for its own functions, which would not work with anything else. */
const ofConstruct = new Set<string>([
  ...archiveEnv,
  ...canaryEnv,
  canaryVariable,
  eventBusVariable,
  ...messagesEnv,
  ...pausesEnv,
  ...receiverEnv,
  ...reconcileEnv.filter((name) => name !== apiUrlVariable),
  claimSubjectsVariable,
  ...workerEnv,
]);

/**
 * Gives functions the variables of .env.local: each takes the place of the template's in every function that has it.
 * AWS_ENDPOINT_URL_<SERVICE> goes to all, if the webhooks do without the service.
 *
 * @param guests logical ids of the functions that stand beside the webhooks' construct
 * @returns the functions, and the names of what is set and of what is not
 */
export function applyVariables(
  functions: readonly FunctionDefinition[],
  variables: LocalVariables['ofFile'],
  guests: ReadonlySet<string> = new Set(),
): AppliedVariables & { functions: FunctionDefinition[] } {
  const given = Object.entries(variables).filter(([name]) => !name.startsWith(secretPrefix));
  const reasons = new Map(given.map(([name]) => [name, obstacle(name, functions, guests)]));
  const usable = given.filter(([name]) => reasons.get(name) === undefined);
  return {
    functions: functions.map((each) => ({
      ...each,
      environment: {
        ...each.environment,
        ...Object.fromEntries(
          usable.flatMap(([name, value]) => (reaches(name, each, guests) ? [[name, value ?? '']] : [])),
        ),
      },
    })),
    set: usable.map(([name]) => name),
    unused: [...reasons].flatMap(([name, reason]) => (reason === undefined ? [] : [`${name} (${reason})`])),
  };
}

/** Why no function gets a variable; undefined if one does. */
function obstacle(
  name: string,
  functions: readonly FunctionDefinition[],
  guests: ReadonlySet<string>,
): string | undefined {
  const essential = Object.values(emulatedServices).find(
    ({ title, elsewhere }) => elsewhere && name === endpointVariable(title),
  );
  // The webhooks need it, too, and the local run creates in it what they need.
  if (essential) return `start the local run with $${essential.elsewhere}`;
  if (name.startsWith('AWS_') && !name.startsWith(endpointPrefix)) return 'AWS sets it';
  if (functions.some((each) => reaches(name, each, guests))) return undefined;
  return functions.some(({ environment }) => name in environment)
    ? 'the webhooks need it as it is'
    : 'no function has it in the template';
}

function reaches(
  variable: string,
  { name, environment }: FunctionDefinition,
  guests: ReadonlySet<string>,
): boolean {
  if (variable.startsWith(endpointPrefix)) return true;
  const isOwn = guests.has(name) || !(ofConstruct.has(variable) || variable.endsWith('_QUEUE_URL'));
  return isOwn && variable in environment;
}
