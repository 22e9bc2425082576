/** A resource as the template has it. `path` is that of its construct, which a person knows it by. */
export interface JudgedResource {
  id: string;
  type: string;
  path: string;
  properties: Readonly<Record<string, unknown>>;
  deletionPolicy: string | undefined;
  dependsOn: readonly string[];
}

export interface Finding {
  /** The resource at fault, and its property, or its attribute beside the properties. */
  resource: JudgedResource;
  property: string;
  /** What is wrong, on which construct, what to do. */
  sentence: string;
}

/** A function's variables. */
export function variablesOf({ properties }: JudgedResource): Readonly<Record<string, unknown>> {
  return Object(Object(properties.Environment).Variables);
}

/** A number of seconds; NaN, which no comparison holds for, if only the deployment knows it. */
export function toSeconds(value: unknown, otherwise: number): number {
  return value === undefined ? otherwise : Number(value);
}

export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
