import type { Node } from 'constructs';
import type * as z from 'zod';
import { findRetiredSettings } from './retired.ts';
import { settingsSchema } from './schema.ts';
import { findUnknownSettings, nearestSetting } from './unknown.ts';

/** All settings, each with a value or, if it may be absent, without (docs/settings.md). */
export type Settings = z.infer<typeof settingsSchema>;

/** Settings as a construct takes them: those that are left out have their defaults. */
export type SettingsProps = Partial<Settings>;

/** Settings of a stage, with its name. */
export type StageSettings = Settings & { stage: string };

const howToSet =
  'Set them with -c name=value, under "zavu" in cdk.json\'s context, or as the prop `settings`.';

/**
 * Completes settings that are given in code by the defaults.
 *
 * @param given as `readSettings` gives them, too
 * @throws Error naming every setting that is wrong or that there is not
 */
export function completeSettings(given: SettingsProps & { stage?: string }): Settings {
  const { stage: _, ...settings } = given;
  return parse(settings, findRetiredSettings(Object.keys(settings)));
}

/**
 * Reads the settings from CDK context: the defaults, overridden by `zavu` in cdk.json, by `zavu.stages.<stage>` there,
 * and by `-c name=value`. `none` takes back what comes after it. The stage is any name, `-c stage=name`; without one it is `dev`.
 *
 * @param node the App's construct node
 * @throws Error naming every setting that is wrong or that there is not, and how to set it
 */
export function readSettings(node: Node): StageSettings {
  const stage = stageOf(node);
  const inFile: unknown = node.tryGetContext('zavu') ?? {};
  if (typeof inFile !== 'object') {
    throw new Error(
      'zavu came as text, and is an object: set each setting by its name with -c name=value, or put them under "zavu" in cdk.json\'s context.',
    );
  }
  const { stages = {}, ...common } = Object(inFile);
  const ofStage = Object(Object(stages)[stage]);
  const names = Object.keys(settingsSchema.shape);
  const inContext = Object.keys(Object(node.getAllContext()));
  const unknown = [
    ...findRetiredSettings([...inContext, ...Object.keys(common), ...Object.keys(ofStage)]),
    ...findUnknownSettings(inContext, [...names, 'stage', 'zavu']),
  ];
  const given = names.flatMap((name) => {
    const value: unknown = node.tryGetContext(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...parse(withoutUnset({ ...common, ...ofStage, ...Object.fromEntries(given) }), unknown), stage };
}

/** What takes a setting back that cdk.json sets for all, or for a stage. CDK's context has no other way to do that. */
const unset = 'none';

function withoutUnset(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== unset));
}

/** Stacks are named by their stage, and queues by their stack. */
function stageOf(node: Node): string {
  const stage: unknown = node.tryGetContext('stage') ?? 'dev';
  if (typeof stage === 'string' && /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(stage)) return stage;
  throw new Error(
    `-c stage=${stage} cannot name a stage: its name has 1 to 40 letters, digits and hyphens, a letter or digit first.`,
  );
}

/** @param unknown a sentence for each name that is no setting, besides those that the schema finds */
function parse(given: object, unknown: readonly string[]): Settings {
  const settings = settingsSchema.safeParse(given);
  if (settings.success && unknown.length === 0) return settings.data;
  const problems = (settings.error?.issues ?? []).map(
    (issue) => `${issue.path.join('.') || 'zavu'}: ${sentenceOf(issue)}`,
  );
  const all = [...unknown, ...problems].map((problem) => `  ${problem}`);
  throw new Error(`Settings that do not fit:\n${all.join('\n')}\n${howToSet}`);
}

/** What is wrong, without zod's words for a name that is no setting. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const near = issue.keys.flatMap((key) => nearestSetting(key, Object.keys(settingsSchema.shape)) ?? []);
  const guess = near.length > 0 ? `. Did you mean ${near.join(', ')}?` : '';
  return `there is no setting ${issue.keys.join(' or ')}${guess}`;
}
