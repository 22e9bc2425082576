import { docsPage } from '../docs-page.ts';

/** Settings of earlier versions, and what to set in their place. */
const retired: Readonly<Record<string, string>> = {
  silenceHours: 'It is noTrafficAlarmHours now.',
  storeContent: 'It is storeMessageContent now.',
  archiveDays: 'It is archiveRetentionDays now.',
  throttleBurst: 'It is gone: twice throttleRate are let in at once.',
  eventArchiveDays: `It is gone: put an archive over the bus beside the stack (${docsPage('fan-out.md')}).`,
  logDataProtection: `It is gone: use a data protection policy of the account's (${docsPage('security.md')}, A second net under the logs).`,
};

/**
 * Finds settings of earlier versions. CDK ignores a name that nobody reads, so a deployment would go on without them.
 *
 * @param names that were given
 * @returns a sentence for each
 */
export function findRetiredSettings(names: readonly string[]): string[] {
  return names.flatMap((name) =>
    Object.hasOwn(retired, name) ? [`${name}: there is no such setting any more. ${retired[name]}`] : [],
  );
}
