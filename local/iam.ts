import type { Assembly } from './assembly.ts';
import { type Resolve, roleArn } from './intrinsics.ts';

/** One call of an AWS API, as IAM sees it. */
export interface Call {
  /** Who calls: a role's ARN, or a service such as `apigateway.amazonaws.com`. */
  principal: string;
  /** For example `sqs:SendMessage`. */
  action: string;
  /** ARN of what is called. */
  resource: string;
  /** Values that conditions ask for, such as `aws:SourceArn`. */
  context?: Readonly<Record<string, string>>;
}

/** What one statement allows: one of its actions on one of its resources, as the template writes them. */
export interface Grant {
  principal: string;
  action: string;
  resource: string;
}

export type Decision = { allowed: true; by: Grant } | { allowed: false; reason: string };

interface Statement {
  effect: 'Allow' | 'Deny';
  principals: readonly string[];
  actions: readonly string[];
  resources: readonly string[];
  holds(call: Call): boolean;
}

/** The elements of a policy statement, as templates write them. */
interface StatementJson {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: '*' | Record<string, string | string[]>;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * The permissions of a template: its roles' policies, its queues' policies and its functions' permissions.
 * Decides as AWS does within one account: what no statement allows is denied, and a Deny wins.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export class Iam {
  readonly #statements: readonly Statement[];

  /** @throws Error naming an element of a policy that is not known here, rather than to ignore it */
  constructor(assembly: Assembly, resolve: Resolve) {
    this.#statements = Object.entries(assembly.resources).flatMap(([id, { Type, Properties }]) => {
      const policy = () => resolve(Properties) as PolicyProperties;
      switch (Type) {
        case 'AWS::IAM::Role':
          return [
            ...trust(policy().AssumeRolePolicyDocument, id),
            ...(policy().Policies ?? []).flatMap(({ PolicyDocument }) =>
              statementsOf(PolicyDocument, [roleArn(id)], id),
            ),
          ];
        case 'AWS::IAM::Policy':
        case 'AWS::IAM::ManagedPolicy':
          return statementsOf(policy().PolicyDocument, (policy().Roles ?? []).map(roleArn), id);
        case 'AWS::SQS::QueuePolicy':
          return statementsOf(policy().PolicyDocument, undefined, id);
        case 'AWS::Lambda::Permission':
          return [permission(resolve(Properties) as PermissionProperties)];
        default:
          return [];
      }
    });
  }

  /** Everything that is allowed, by principal, action and resource. */
  get grants(): Grant[] {
    return this.#statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ principals, actions, resources }) =>
        principals.flatMap((principal) =>
          actions.flatMap((action) => resources.map((resource) => ({ principal, action, resource }))),
        ),
      );
  }

  decide(call: Call): Decision {
    const { principal, action, resource } = call;
    const applying = this.#statements.filter(
      ({ principals, actions, resources, holds }) =>
        principals.some((each) => matches(each, principal)) &&
        actions.some((each) => matches(each.toLowerCase(), action.toLowerCase())) &&
        resources.some((each) => matches(each, resource)) &&
        holds(call),
    );
    const refused = `is not authorized to perform: ${action} on resource: ${resource}`;
    if (applying.some(({ effect }) => effect === 'Deny')) {
      return { allowed: false, reason: `${principal} ${refused} with an explicit deny` };
    }
    const [first] = applying;
    if (!first) return { allowed: false, reason: `${principal} ${refused} because no policy allows it` };
    const by = {
      principal: first.principals.find((each) => matches(each, principal)) ?? principal,
      action: first.actions.find((each) => matches(each.toLowerCase(), action.toLowerCase())) ?? action,
      resource: first.resources.find((each) => matches(each, resource)) ?? resource,
    };
    return { allowed: true, by };
  }
}

interface Document {
  Statement: StatementJson | StatementJson[];
}

interface PolicyProperties {
  AssumeRolePolicyDocument: Document;
  PolicyDocument: Document;
  Policies?: { PolicyDocument: Document }[];
  Roles?: string[];
}

interface PermissionProperties {
  Action: string;
  FunctionName: string;
  Principal: string;
  SourceArn?: string;
}

const known = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/** The statements of a policy document; those of a resource's own policy name their principals themselves. */
function statementsOf(
  { Statement }: Document,
  principals: string[] | undefined,
  policy: string,
): Statement[] {
  return [Statement].flat().map((statement) => {
    const strange = Object.keys(statement).find((name) => !known.includes(name));
    if (strange) throw new Error(`The local stack does not know ${strange}, in a statement of ${policy}.`);
    const { Principal = {} } = statement;
    return {
      effect: statement.Effect,
      principals: principals ?? (Principal === '*' ? ['*'] : Object.values(Principal).flat()),
      actions: [statement.Action].flat(),
      resources: [statement.Resource ?? []].flat(),
      holds: condition(statement.Condition ?? {}, policy),
    };
  });
}

/** Who may act in a role: statements whose resource is the role itself. */
function trust(document: Document, role: string): Statement[] {
  return statementsOf(document, undefined, role).map((each) => ({ ...each, resources: [roleArn(role)] }));
}

/** A permission to invoke a function: a statement of the function's own policy. */
function permission({ Action, FunctionName, Principal, SourceArn }: PermissionProperties): Statement {
  return {
    effect: 'Allow',
    principals: [Principal],
    actions: [Action],
    resources: [FunctionName],
    holds: condition(SourceArn ? { ArnLike: { 'aws:SourceArn': SourceArn } } : {}, 'a permission'),
  };
}

/** A statement applies where all of its conditions hold; one whose key the call does not have, does not. */
function condition(block: NonNullable<StatementJson['Condition']>, policy: string): Statement['holds'] {
  const strange = Object.keys(block).find((operator) => operator !== 'Bool' && operator !== 'ArnLike');
  if (strange) throw new Error(`The local stack does not know the condition ${strange}, in ${policy}.`);
  const tests = Object.values(block).flatMap(Object.entries<string | string[]>);
  return ({ context = {} }) =>
    tests.every(([key, patterns]) => {
      const value = context[key];
      return value !== undefined && [patterns].flat().some((pattern) => matches(pattern, value));
    });
}

/** Whether a text is what a pattern with `*` and `?` describes. */
function matches(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const source = pattern
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}
