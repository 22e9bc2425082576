import type { Node } from 'constructs';
import type * as z from 'zod';
import { isRecord } from '../../lambda/shared/json.ts';
import { findRetiredSettings } from './retired.ts';
import { settingsSchema } from './schema.ts';
import { SettingsError } from './settings-error.ts';
import { findUnknownSettings, nearestSetting } from './unknown.ts';

/** All settings, each with a value or, if it may be absent, without (docs/settings.md). */
export type Settings = z.infer<typeof settingsSchema>;

/** Settings as a construct takes them: those that are left out have their defaults. */
export type SettingsProps = Partial<Settings>;

/** Settings of a stage, with its name. */
export type StageSettings = Settings & { stage: string };

const settingNames = Object.keys(settingsSchema.shape);

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
  const { data, problem } = parse(settings, findRetiredSettings(Object.keys(settings)));
  // Its stack says where the code gives them.
  if (!data) throw new Error(problem);
  return data;
}

/**
 * Reads the settings from CDK context: the defaults, overridden by `zavu` in cdk.json, by `zavu.stages.<stage>` there,
 * and by `-c name=value`. Whatever says `none` for a setting takes away what the former say of it. The stage is any name,
 * `-c stage=name`; without one it is `dev`.
 *
 * @param node the App's construct node
 * @throws Error naming every setting that is wrong or that there is not, and how to set it. An app that does not catch it
 * ends with that text alone
 */
export function readSettings(node: Node): StageSettings {
  const stage = stageOf(node);
  const { stages: allStages, ...common } = objectOf('zavu', node.tryGetContext('zavu'));
  const stages = objectOf('zavu.stages', allStages);
  const ofStage = objectOf(`zavu.stages.${stage}`, Object.hasOwn(stages, stage) ? stages[stage] : undefined);
  const inContext = Object.keys(Object(node.getAllContext()));
  const unknown = [
    ...findRetiredSettings([...inContext, ...Object.keys(common), ...Object.keys(ofStage)]),
    ...findUnknownSettings(inContext, [...settingNames, 'stage', 'zavu']),
  ];
  const given = settingNames.flatMap((name) => {
    const value: unknown = node.tryGetContext(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const layers = [common, ofStage, Object.fromEntries(given)];
  const { data, problem } = parse(layers.reduce(putOver, {}), unknown);
  if (!data) throw new SettingsError(problem);
  return { ...data, stage };
}

/**
 * Settings in the context, which must be an object: a text would be read character by character.
 *
 * @throws Error saying what to do, if they are anything else
 */
function objectOf(name: string, value: unknown): Record<string, unknown> {
  if (value === undefined) return {};
  if (isRecord(value)) return value;
  throw new SettingsError(
    `${name} is no object, and -c cannot give one: set each setting by its name with -c name=value, or put them into cdk.json's context, "zavu": { … }.`,
  );
}

/** Puts settings over others. `none` unsets one, whatever it is. */
function putOver(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const together = Object.entries({ ...below, ...above });
  return Object.fromEntries(together.filter(([, value]) => value !== 'none'));
}

/** Stacks are named by their stage, and queues by their stack. */
function stageOf(node: Node): string {
  const stage: unknown = node.tryGetContext('stage') ?? 'dev';
  // It unsets every setting, so a stack must not be called so by mistake.
  if (stage === 'none')
    throw new SettingsError('-c stage=none names no stage: leave it out, and the stage is dev.');
  if (typeof stage === 'string' && /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(stage)) return stage;
  throw new SettingsError(
    `-c stage=${stage} cannot name a stage: its name has 1 to 40 letters, digits and hyphens, a letter or digit first.`,
  );
}

/**
 * Completes settings, or says what is wrong with them.
 *
 * @param unknown a sentence for each name that is no setting, besides those that the schema finds
 */
function parse(
  given: object,
  unknown: readonly string[],
): { data: Settings; problem?: undefined } | { data?: undefined; problem: string } {
  const settings = settingsSchema.safeParse(given);
  if (settings.success && unknown.length === 0) return { data: settings.data };
  const problems = (settings.error?.issues ?? []).map(
    (issue) => `${issue.path.join('.') || 'zavu'}: ${sentenceOf(issue)}`,
  );
  const all = [...unknown, ...problems].map((problem) => `  ${problem}`);
  return { problem: `Settings that do not fit:\n${all.join('\n')}\n${howToSet}` };
}

/** What is wrong, without zod's words for a name that is no setting. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const known = [...settingNames, 'stages'];
  const near = issue.keys.flatMap((key) => nearestSetting(key, known) ?? []);
  const guess = near.length > 0 ? `. Did you mean ${near.join(' or ')}?` : '';
  return `there is no setting ${issue.keys.join(' or ')}${guess}`;
}
