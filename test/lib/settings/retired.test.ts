import { App } from 'aws-cdk-lib';
import { settingsSchema } from '../../../lib/settings/schema.ts';
import { readSettings } from '../../../lib/settings/settings.ts';

const read = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

test.each([
  ['silenceHours', 'noTrafficAlarmHours'],
  ['storeContent', 'storeMessageContent'],
  ['archiveDays', 'archiveRetentionDays'],
  ['throttleBurst', 'throttleRate'],
  ['eventArchiveDays', 'docs/fan-out.md'],
  ['logDataProtection', 'docs/security.md'],
])(
  'the earlier setting %s is refused with what takes its place, with -c and in cdk.json',
  (name, instead) => {
    for (const context of [{ [name]: '24' }, { zavu: { [name]: 24 } }]) {
      expect(() => read(context)).toThrow(`${name}: there is no such setting any more.`);
      expect(() => read(context)).toThrow(instead);
    }
    expect(Object.keys(settingsSchema.shape)).not.toContain(name);
  },
);
