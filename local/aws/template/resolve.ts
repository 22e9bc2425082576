/** Puts values for CloudFormation's intrinsic functions. */
export type Resolve = (value: unknown) => unknown;
