import type { Node } from 'constructs';
import type * as z from 'zod';
import { findRetiredSettings } from './retired.ts';
import { settingsSchema } from './schema.ts';
import { findUnknownSettings } from './unknown.ts';

export type Settings = z.infer<typeof settingsSchema> & { stage: Stage };

/** The stages, and in which settings they differ from the defaults. The only place that knows stage names. */
export const stages = {
  dev: {},
  prod: { retainData: true, logRetentionDays: 90 },
} as const;
export type Stage = keyof typeof stages;

/**
 * Reads the settings from CDK context: the default, overridden by the stage, by `zavu` in cdk.json, and by
 * `-c name=value`.
 *
 * @param node the App's construct node
 * @throws Error naming every setting that is wrong or that there is not, and how to set it
 */
export function readSettings(node: Node): Settings {
  const stage: unknown = node.tryGetContext('stage') ?? 'dev';
  if (!isStage(stage)) {
    throw new Error(
      `Unknown stage "${stage}". Choose one with -c stage=${Object.keys(stages).join(' or -c stage=')}.`,
    );
  }
  const inFile: unknown = node.tryGetContext('zavu') ?? {};
  if (typeof inFile !== 'object') {
    throw new Error(
      'zavu came as text, and is an object: set each setting by its name with -c name=value, or put them under "zavu" in cdk.json\'s context.',
    );
  }
  const names = Object.keys(settingsSchema.shape);
  const inContext = Object.keys(Object(node.getAllContext()));
  const unknown = [
    ...findRetiredSettings([...inContext, ...Object.keys(inFile ?? {})]),
    ...findUnknownSettings(inContext, [...names, 'stage', 'zavu']),
  ];
  const given = names.flatMap((name) => {
    const value: unknown = node.tryGetContext(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const settings = settingsSchema.safeParse({
    ...stages[stage],
    ...Object(inFile),
    ...Object.fromEntries(given),
  });
  if (!settings.success || unknown.length > 0) {
    const problems = (settings.error?.issues ?? []).map(
      (issue) => `${issue.path.join('.') || 'zavu'}: ${issue.message}`,
    );
    const all = [...unknown, ...problems].map((problem) => `  ${problem}`);
    throw new Error(
      `Settings that do not fit:\n${all.join('\n')}\nSet them with -c name=value, or under "zavu" in cdk.json's context.`,
    );
  }
  return { ...settings.data, stage };
}

function isStage(value: unknown): value is Stage {
  return typeof value === 'string' && Object.hasOwn(stages, value);
}
