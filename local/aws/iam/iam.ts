import type { Assembly } from '../template/assembly.ts';
import type { Resolve } from '../template/resolve.ts';
import type { Call } from './call.ts';
import { statementsOf } from './policies.ts';
import type { Statement } from './statement.ts';

/** What one statement allows: one of its actions on one of its resources, as the template writes them. */
export interface Grant {
  principal: string;
  action: string;
  resource: string;
}

export type Decision = { allowed: true; grant: Grant } | { allowed: false; reason: string };

/**
 * The permissions of a template: the policies of its roles, and those of its resources.
 *
 * Decides as AWS does within one account. A role may do what its own policies or the resource's policy allow, a
 * service what the resource's policy allows; what no statement allows is denied, and a Deny wins.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export class Iam {
  readonly #statements: readonly Statement[];
  /** Those that a caller can meet. A template has hundreds, and a caller meets a dozen. */
  readonly #byPrincipal = new Map<string, Statement[]>();

  /** @throws Error naming an element of a policy that is not known here, rather than ignoring it */
  constructor(template: Pick<Assembly, 'resources'>, resolve: Resolve) {
    this.#statements = statementsOf(template, resolve);
    for (const statement of this.#statements) {
      for (const principal of new Set(statement.principals)) {
        const known = this.#byPrincipal.get(principal);
        if (known) known.push(statement);
        else this.#byPrincipal.set(principal, [statement]);
      }
    }
  }

  /** Everything that the template allows, by principal, action and resource. What AWS adds is not in it. */
  get grants(): Grant[] {
    return this.#statements
      .filter(({ effect, isOfAws }) => effect === 'Allow' && !isOfAws)
      .flatMap(({ principals, actions, resources }) =>
        principals.flatMap((principal) =>
          actions.flatMap((action) =>
            resources.map((resource) => ({ principal, action: action.text, resource: resource.text })),
          ),
        ),
      );
  }

  decide(call: Call): Decision {
    const { principal, action, resource } = call;
    const lowerCase = action.toLowerCase();
    const applying = [principal, '*']
      .flatMap((each) => this.#byPrincipal.get(each) ?? [])
      .filter(
        ({ actions, resources, attachedTo, holds }) =>
          actions.some((each) => each.matches(lowerCase)) &&
          resources.some((each) => each.matches(resource)) &&
          (attachedTo?.some((each) => each.matches(resource)) ?? true) &&
          holds(call),
      );
    const refused = `is not authorized to perform: ${action} on resource: ${resource}`;
    if (applying.some(({ effect }) => effect === 'Deny')) {
      return { allowed: false, reason: `${principal} ${refused} with an explicit deny` };
    }
    const [first] = applying;
    if (!first) return { allowed: false, reason: `${principal} ${refused} because no policy allows it` };
    const grant = {
      principal: first.principals.includes(principal) ? principal : '*',
      action: first.actions.find((each) => each.matches(lowerCase))?.text ?? action,
      resource: first.resources.find((each) => each.matches(resource))?.text ?? resource,
    };
    return { allowed: true, grant };
  }
}
