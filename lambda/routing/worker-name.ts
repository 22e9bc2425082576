type Letter =
  | ('a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
  | ('n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z');
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';

type IsLettersAndDigits<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? First extends Letter | Digit
    ? IsLettersAndDigits<Rest>
    : false
  : true;

/** Commands and outputs have a meaning of their own for them: `--worker none`, `UnroutedQueueUrl`. */
const reserved = ['none', 'unrouted'] as const;

type IsWorkerName<Name extends string> = Name extends (typeof reserved)[number]
  ? false
  : Name extends `${Letter}${infer Rest}`
    ? IsLettersAndDigits<Rest>
    : false;

/**
 * A worker's name if it can be one. Otherwise a type that nothing fits and that says why, so that the name does not
 * compile. A name that is only known to be a string is left to {@link workerNameProblem}.
 */
export type WorkerNameOf<Name extends string> = string extends Name
  ? Name
  : Name extends string
    ? IsWorkerName<Name> extends true
      ? Name
      : { 'a worker is named by lowercase letters and digits, a letter first': Name }
    : never;

/** SQS cuts the name of a stack's queue at 80 characters: beyond that two queues of a worker look alike. */
const maxLength = 20;

/**
 * Why a text cannot name a worker. The name becomes part of outputs, of queues and of variables, and commands take it.
 * CloudFormation's outputs know letters and digits alone.
 *
 * @returns a sentence; undefined if it can
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/outputs-section-structure.html
 */
export function workerNameProblem(name: string): string | undefined {
  if (reserved.some((word) => word === name))
    return `"${name}" cannot name a worker: commands and outputs use the word.`;
  if (/^[a-z][a-z0-9]*$/.test(name) && name.length <= maxLength) return undefined;
  return `"${name}" cannot name a worker: its name has 1 to ${maxLength} lowercase letters and digits, a letter first.`;
}
