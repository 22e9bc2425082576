import * as z from 'zod';
import { arn } from '../template/intrinsics.ts';
import type { AlarmState } from './evaluation.ts';

/** What metric alarms and composite alarms have in common. */
export interface Alarm {
  name: string;
  arn: string;
  description: string;
  /** The rule of a composite alarm, as it is written; undefined for a metric alarm. */
  rule?: string;
  actionsEnabled: boolean;
  /** ARNs of the topics that are told, by the state that the alarm changes to. */
  actions: Readonly<Record<AlarmState, readonly string[]>>;
}

const topics = z
  .array(z.string().regex(/^arn:aws[\w-]*:sns:/, 'the local run knows topics of SNS as actions'))
  .max(5);

/** The properties that both kinds of alarm have, with the bounds that AWS sets at deployment. */
export const alarmShape = {
  AlarmName: z
    .string()
    .max(255)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what AWS asks for
    .regex(/^[\x00-\x7F]+$/, 'AWS takes only ASCII')
    .optional(),
  AlarmDescription: z.string().max(1_024, 'AWS takes at most 1,024 characters').default(''),
  ActionsEnabled: z.boolean().default(true),
  AlarmActions: topics.default([]),
  OKActions: topics.default([]),
  InsufficientDataActions: topics.default([]),
  Tags: z.unknown().optional(),
};

const shared = z.object(alarmShape);

/** The common part of an alarm. CloudFormation names an alarm after its logical id unless it has a name. */
export function alarmOf(logicalId: string, properties: z.infer<typeof shared>): Alarm {
  const name = properties.AlarmName ?? logicalId;
  return {
    name,
    arn: arn('cloudwatch', `alarm:${name}`),
    description: properties.AlarmDescription,
    actionsEnabled: properties.ActionsEnabled,
    actions: {
      ALARM: properties.AlarmActions,
      OK: properties.OKActions,
      INSUFFICIENT_DATA: properties.InsufficientDataActions,
    },
  };
}

/** An error that names its alarm. */
export function alarmError(logicalId: string, why: string, cause?: unknown): Error {
  return new Error(`The alarm ${logicalId}: ${why}`, { cause });
}
