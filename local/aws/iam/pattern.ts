/** A text with `*` and `?`, ready to be compared. */
export interface Pattern {
  readonly text: string;
  matches(value: string): boolean;
}

/**
 * Compiles a pattern as policies have it: `*` stands for any characters, `?` for one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function pattern(text: string): Pattern {
  if (text === '*') return { text, matches: () => true };
  if (!/[*?]/.test(text)) return { text, matches: (value) => value === text };
  const source = text
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return { text, matches: (value) => expression.test(value) };
}

/**
 * Compiles a pattern for an ARN, as `ArnLike` compares it: each of the six parts is compared with its own.
 *
 * @throws Error if it has fewer than six
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnPattern(text: string): Pattern {
  const parts = partsOf(text).map(pattern);
  if (parts.length < 6)
    throw new Error(`${text} is no ARN: it must have six parts with colons between them.`);
  return {
    text,
    matches(value) {
      const values = partsOf(value);
      return values.length === 6 && parts.every((part, index) => part.matches(values[index] ?? ''));
    },
  };
}

/** The six parts of an ARN. The last one may hold colons of its own. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
