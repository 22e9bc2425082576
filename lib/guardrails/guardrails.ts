import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  Stack,
} from 'aws-cdk-lib';
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
 * Fails the synthesis of a stack for what deploys well and then loses events, handles them twice, or shows a secret; and
 * for what does not deploy, or not a second time.
 *
 * It judges the stack's template, so constructs of any level count as they are after every override. What
 * nested stacks hold is not seen. If something is right after all, say why beside it:
 * `Validations.of(construct).acknowledge({ id: 'Guardrails::log-group', reason: '…' })`.
 */
export class Guardrails implements IPolicyValidationPlugin {
  readonly name = 'Guardrails';
  readonly ruleIds = Object.keys(rules);
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** @throws Error if the stack is not among those that are synthesized */
  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const { path } = this.#stack.node;
    const own = stackTemplates.find(({ stackConstructPath }) => stackConstructPath === path);
    if (!own) throw new Error(`${path} has no template to judge.`);
    const template = new StackTemplate(this.#stack, own.templatePath);
    const violations = Object.entries(rules).flatMap(([ruleName, rule]) =>
      rule(template).map(({ resource, property, sentence }) => ({
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
}
