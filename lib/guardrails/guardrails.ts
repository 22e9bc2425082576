import {
  CfnResource,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  Stack,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarmRules } from './alarm-rules.ts';
import { deploymentRules } from './deployment-rules.ts';
import { functionRules } from './function-rules.ts';
import { nameRules } from './name-rules.ts';
import { queueRules } from './queue-rules.ts';
import { StackTemplate } from './template.ts';

/** Values that only the deployment knows are not judged. */
const rules = { ...queueRules, ...functionRules, ...deploymentRules, ...nameRules, ...alarmRules };

/** What a resource has beside its properties, and rules look at. */
const attributes = new Set(['DeletionPolicy', 'DependsOn']);

/**
 * Fails the synthesis of a stack, or of a construct in it, for what deploys well and then loses events, handles them twice, or shows a secret; and
 * for what does not deploy, or not a second time.
 *
 * It judges what the stack's template has of the construct, so constructs of any level count as they are after every override. What
 * nested stacks hold is not seen. If something is right after all, say why beside it:
 * `Validations.of(construct).acknowledge({ id: 'Guardrails::log-group', reason: '…' })`.
 */
export class Guardrails implements IPolicyValidationPlugin {
  readonly name = 'Guardrails';
  readonly ruleIds = Object.keys(rules);
  readonly #judged: Construct;

  /** @param judged the stack or the construct in it whose resources are judged */
  constructor(judged: Construct) {
    this.#judged = judged;
  }

  /** @throws Error if the stack is not among those that are synthesized */
  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const stack = Stack.of(this.#judged);
    const { path } = stack.node;
    const own = stackTemplates.find(({ stackConstructPath }) => stackConstructPath === path);
    if (!own) throw new Error(`${path} has no template to judge.`);
    const template = new StackTemplate(stack, own.templatePath);
    const judged = this.#logicalIds(stack);
    const violations = Object.entries(rules).flatMap(([ruleName, rule]) =>
      rule(template)
        .filter(({ resource }) => this.#judged === stack || judged.has(resource.id))
        .map(({ resource, property, sentence }) => ({
          ruleName,
          description: sentence,
          severity: 'error',
          violatingResources: [
            {
              resourceLogicalId: resource.id,
              templatePath: own.templatePath,
              locations: [attributes.has(property) ? property : `Properties/${property}`],
            },
          ],
        })),
    );
    return { success: violations.length === 0, violations };
  }

  #logicalIds(stack: Stack): ReadonlySet<string> {
    const resources = this.#judged.node.findAll().filter((each) => CfnResource.isCfnResource(each));
    return new Set(resources.map(({ logicalId }) => String(stack.resolve(logicalId))));
  }
}
