import type { Resolve } from './resolve.ts';

/**
 * The intrinsic functions of CloudFormation that decide: conditions, and what goes by them.
 *
 * @param conditions of the template, by name
 * @param resolve for the values that they compare, and for the part that is chosen
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function conditionFunctions(
  conditions: Readonly<Record<string, unknown>>,
  resolve: Resolve,
): Record<string, (argument: unknown) => unknown> {
  const all = (argument: unknown) => (argument as unknown[]).map((each) => holds(conditions, each, resolve));
  return {
    'Fn::If': (argument) => {
      const [name, then, otherwise] = argument as [string, unknown, unknown];
      return resolve(holds(conditions, { Condition: name }, resolve) ? then : otherwise);
    },
    'Fn::Equals': (argument) => {
      const [one, other] = resolve(argument) as [unknown, unknown];
      return String(one) === String(other);
    },
    'Fn::And': (argument) => all(argument).every(Boolean),
    'Fn::Or': (argument) => all(argument).some(Boolean),
    'Fn::Not': (argument) => !all(argument)[0],
  };
}

/**
 * Whether a condition holds.
 *
 * @param condition a function that decides, or the name of a condition, as `{ Condition: name }`
 * @throws Error naming a condition that the template does not have
 */
export function holds(
  conditions: Readonly<Record<string, unknown>>,
  condition: unknown,
  resolve: Resolve,
): boolean {
  const { Condition: name } = Object(condition) as { Condition?: string };
  if (name === undefined) return resolve(condition) === true;
  if (!(name in conditions)) throw new Error(`The template has no condition ${name}.`);
  return holds(conditions, conditions[name], resolve);
}
