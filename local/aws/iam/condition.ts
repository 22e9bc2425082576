import type { Call } from './call.ts';
import { arnPattern, pattern } from './pattern.ts';

/** The `Condition` of a statement: keys and their values, by operator. */
export type ConditionJson = Record<string, Record<string, string | boolean | (string | boolean)[]>>;

/** How a value of the policy is compared with one of the call. */
const operators: Readonly<Record<string, (text: string) => (value: string) => boolean>> = {
  Bool: (text) => (value) => value === text,
  StringEquals: (text) => (value) => value === text,
  ArnLike: (text) => arnPattern(text).matches,
  // AWS treats both alike.
  ArnEquals: (text) => arnPattern(text).matches,
  ArnLikeIfExists: (text) => arnPattern(text).matches,
  // Calls that are known here have one leading key at the most.
  'ForAllValues:StringLike': (text) => pattern(text).matches,
};

/** Keys that calls have here, or that no call has on AWS. Their case does not count. */
const keys = [
  'dynamodb:LeadingKeys',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceOwner',
  'lambda:FunctionArn',
  // Of an object that is there already.
  's3:ExistingObjectTag/UseWithCodeDeploy',
].map((key) => key.toLowerCase());

/**
 * Compiles the conditions of a statement. It applies if all of them hold. A key that the call does not have
 * fails its condition, unless that is for all values, or for a key that exists: there is no value that fails.
 *
 * @param policy for the error
 * @throws Error naming an operator or a key that is not known here
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function condition(block: ConditionJson, policy: string): (call: Call) => boolean {
  const tests = Object.entries(block).flatMap(([operator, byKey]) => {
    const compile = operators[operator];
    if (!compile) throw new Error(`The local run does not know the condition ${operator}, in ${policy}.`);
    return Object.entries(byKey).map(([name, texts]) => {
      const key = name.toLowerCase();
      if (!keys.includes(key)) {
        throw new Error(`The local run does not know the condition key ${name}, in ${policy}.`);
      }
      const holdsWithoutValue = operator.startsWith('ForAllValues:') || operator.endsWith('IfExists');
      return { key, holdsWithoutValue, holds: [texts].flat().map((text) => compile(String(text))) };
    });
  });
  if (tests.length === 0) return () => true;
  return ({ context = {} }) => {
    const values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
    return tests.every(({ key, holdsWithoutValue: ofNone, holds }) => {
      const value = values.get(key);
      return value === undefined ? ofNone : holds.some((each) => each(value));
    });
  };
}
