import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { SNSClient } from '@aws-sdk/client-sns';
import { createCommand, endingBy, UsageError } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { interruption } from './shared/interruption.ts';
import { jsonOption, onDeployment } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';
import { checkActions, type DeployedAlarm, deployedAlarms } from './smoke/alarms.ts';
import { type Check, check, checksTable } from './smoke/check.ts';
import { checkTopic } from './smoke/topic.ts';
import { checkUrl } from './smoke/webhook-url.ts';
import { checkWorkers } from './smoke/workers.ts';

/** A part of the alarm's name. This alarm is of those that wait until the morning. */
const defaultAlarm = 'ReceiverSlow';

/** `npx zavu-webhooks smoke`. */
export const command = onDeployment(
  createCommand('smoke', {
    examples: [
      ['smoke --stage prod', 'after a deployment'],
      ['smoke --stage prod --no-alarm', 'the same, and no alarm fires'],
    ],
    notes: [
      'If the stack has no canary, these events come into the unrouted queue. The command forwards them to their workers ' +
        'and deletes them there. It hides the other messages of that queue for a moment. The alarm UnroutedEvents may fire ' +
        'meanwhile, and goes back to OK by itself. If the stack has an archive, the events are archived. After Ctrl-C the ' +
        'command still deletes its events from the unrouted queue.',
      'A check that is "unproven" is no failure: a person has to look.',
    ],
  })
    .option(
      '--alarm <name>',
      `the alarm that fires, by its name or a part of it (default: "${defaultAlarm}", which wakes nobody)`,
    )
    .option('--no-alarm', 'let no alarm fire'),
)
  .description(
    'Checks from outside that a deployed stack works. It deploys nothing. It sends every worker an event that no handler ' +
      'sees, checks whom the alarms notify, and lets one alarm fire for a minute.',
  )
  .addOption(jsonOption)
  .action(
    endingBy(async ({ alarm: wanted, json, ...choice }) => {
      const signal = interruption(
        'Deleting the marked events from the unrouted queue. Ctrl-C again ends at once, and may leave them there.',
      );
      const deployment = await findDeployment(choice);
      const cloudWatch = new CloudWatchClient(deployment.client('cloudWatch'));
      const sns = new SNSClient(deployment.client('sns'));
      try {
        const alarms = await deployedAlarms(cloudWatch, deployment.alarmPrefix);
        const name = typeof wanted === 'string' ? wanted : undefined;
        const alarm = findAlarm(alarms, name ?? defaultAlarm);
        if (name !== undefined && !alarm) throw new UsageError(noSuchAlarm(alarms, name));
        const topics = [...new Set(alarms.flatMap((deployed) => deployed.topics))];
        const checks = [
          await checkUrl(deployment),
          ...(await checkWorkers(deployment, signal)),
          checkActions(alarms),
          ...(await Promise.all(topics.map((topic) => checkTopic(sns, topic, alarms)))),
        ];
        if (wanted !== false && !signal.aborted) {
          checks.push(await check('an alarm fires', () => fire(cloudWatch, alarms, alarm)));
        }
        if (json) printJson({ deployment: deployment.name, checks });
        else console.log(`${deployment.name}\n${checksTable(checks)}`);
        return checks.every(({ result }) => result !== 'failed');
      } finally {
        cloudWatch.destroy();
        sns.destroy();
      }
    }),
  );

/** Finds an alarm by its name, or by a part of it. */
function findAlarm(alarms: readonly DeployedAlarm[], name: string): DeployedAlarm | undefined {
  return alarms.find((alarm) => alarm.name === name) ?? alarms.find((alarm) => alarm.name.includes(name));
}

function noSuchAlarm(alarms: readonly DeployedAlarm[], name: string): string {
  return `There is no alarm ${name}. There are: ${alarms.map((alarm) => alarm.name).join(', ')}.`;
}

/** Lets an alarm fire. CloudWatch sets its state right at its next evaluation. */
async function fire(
  cloudWatch: CloudWatchClient,
  alarms: readonly DeployedAlarm[],
  alarm: DeployedAlarm | undefined,
): Promise<Omit<Check, 'name'>> {
  if (!alarm) return { result: 'failed', detail: noSuchAlarm(alarms, defaultAlarm) };
  if (alarm.state === 'ALARM') {
    const detail = `${alarm.name} is in ALARM already, so to set its state would notify nobody. Choose another one with --alarm.`;
    return { result: 'failed', detail };
  }
  const reason = 'npx zavu-webhooks smoke: a test of the notification. Nothing is wrong.';
  await cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: alarm.name, StateValue: 'ALARM', StateReason: reason }),
  );
  const detail = `${alarm.name} fired. Its notification should have come by now: look for the words "a test of the notification". If it has not come, look at the topics above.`;
  return { result: 'unproven', detail };
}
