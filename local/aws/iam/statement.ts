import type { Call } from './call.ts';
import { type ConditionJson, condition } from './condition.ts';
import { type Pattern, pattern } from './pattern.ts';

/** A statement of a policy, ready to be asked. */
export interface Statement {
  effect: 'Allow' | 'Deny';
  /** Role ARNs, names of services, or `*` for everybody. */
  principals: readonly string[];
  actions: readonly Pattern[];
  resources: readonly Pattern[];
  /** What a resource's own policy is attached to. Its statements about anything else do not count. */
  attachedTo?: readonly Pattern[];
  holds(call: Call): boolean;
  /** Whether AWS wrote it: a default of a service, or a managed policy. */
  isOfAws?: true;
}

/** The elements of a policy statement, as templates write them. */
interface StatementJson {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: '*' | Record<string, string | string[]>;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: ConditionJson;
}

export interface Document {
  Statement: StatementJson | StatementJson[];
}

const elements = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/**
 * The statements of an identity's policy.
 *
 * @param roles ARNs of those that have the policy
 * @param policy its logical id, for errors
 * @throws Error naming an element that is not known here, rather than ignoring it
 */
export function identityStatements(
  document: Document,
  roles: readonly string[],
  policy: string,
): Statement[] {
  return statementsOf(document, policy).map((json) => compile(json, roles, json.Resource, policy));
}

/**
 * The statements of a resource's own policy, which name their principals themselves.
 *
 * @param attachedTo patterns of the ARNs that the policy is for
 * @throws Error naming an element or a principal that is not known here
 */
export function resourceStatements(
  document: Document,
  attachedTo: readonly string[],
  policy: string,
): Statement[] {
  const attached = attachedTo.map(pattern);
  return statementsOf(document, policy).map((json) => ({
    ...compile(json, principalsOf(json, policy), json.Resource, policy),
    attachedTo: attached,
  }));
}

/** The statements of a role's trust policy, which name no resource: it is the role. */
export function trustStatements(document: Document, role: string, policy: string): Statement[] {
  return statementsOf(document, policy).map((json) =>
    compile(json, principalsOf(json, policy), role, policy),
  );
}

function statementsOf({ Statement }: Document, policy: string): StatementJson[] {
  return [Statement].flat().map((json) => {
    const strange = Object.keys(json).find((name) => !elements.includes(name));
    if (strange) throw new Error(`The local run does not know ${strange}, in a statement of ${policy}.`);
    return json;
  });
}

function compile(
  { Effect, Action, Condition = {} }: StatementJson,
  principals: readonly string[],
  resources: string | string[] | undefined,
  policy: string,
): Statement {
  if (resources === undefined) throw new Error(`A statement of ${policy} names no Resource.`);
  return {
    effect: Effect,
    principals,
    // The case of an action does not count.
    actions: [Action].flat().map((text) => ({ ...pattern(text.toLowerCase()), text })),
    resources: [resources].flat().map(pattern),
    holds: condition(Condition, policy),
  };
}

/**
 * Everybody, roles or services. An account is not among them: as a principal it allows its roles only what their own
 * policies allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function principalsOf({ Principal }: StatementJson, policy: string): string[] {
  if (Principal === '*') return ['*'];
  return Object.entries(Principal ?? { Nobody: '' }).flatMap(([kind, names]) =>
    [names].flat().map((name) => {
      const isKnown =
        (kind === 'AWS' && (name === '*' || /^arn:aws:iam::\d{12}:role\//.test(name))) ||
        (kind === 'Service' && name.endsWith('.amazonaws.com'));
      if (!isKnown)
        throw new Error(`The local run does not know the principal ${kind} ${name}, in ${policy}.`);
      return name;
    }),
  );
}
