import { Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

const contextKey = 'zavu-webhooks:deployment';

/**
 * Makes a construct a deployment, whose parts are told from those of another in the same stack.
 *
 * @param owner the construct that the parts stand in; it must not have children yet
 */
export function nameDeployment(owner: Construct): void {
  const { scopes } = owner.node;
  const below = scopes.slice(scopes.indexOf(Stack.of(owner)) + 1).map(({ node }) => node.id);
  // As CDK makes logical ids, which have no `Default` in them.
  const prefix = below.filter((id) => id !== 'Default').join('');
  owner.node.setContext(contextKey, prefix.replace(/[^A-Za-z0-9]/g, ''));
}

/**
 * What the outputs of a deployment begin with: nothing if it is all of its stack (`WebhookStack`), else the ids of its
 * construct and of those around it in the stack.
 */
export function outputPrefix(scope: IConstruct): string {
  return scope.node.tryGetContext(contextKey) ?? '';
}

/**
 * A name for what must be the only one of its kind in the account and the region: the stack's, and the construct's. No
 * stack has an underscore in its name, so no stack can be called as a stack and a construct together.
 */
export function deploymentName(scope: IConstruct): string {
  const { stackName } = Stack.of(scope);
  const prefix = outputPrefix(scope);
  return prefix === '' ? stackName : `${stackName}_${prefix}`;
}

/** The option by which commands find the deployment: `--stack ZavuWebhooks-prod`. */
export function stackOption(scope: IConstruct): string {
  const { stackName } = Stack.of(scope);
  const prefix = outputPrefix(scope);
  return `--stack ${prefix === '' ? stackName : `${stackName}/${prefix}`}`;
}
