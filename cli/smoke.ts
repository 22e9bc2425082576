import { parseArgs } from 'node:util';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { SNSClient } from '@aws-sdk/client-sns';
import { deploymentOptions, deploymentUsage, findDeployment } from './shared/deployment.ts';
import { interruption } from './shared/interruption.ts';
import { checkActions, type DeployedAlarm, deployedAlarms } from './smoke/alarms.ts';
import { type Check, check, checksTable } from './smoke/check.ts';
import { checkTopic } from './smoke/topic.ts';
import { checkPassages, checkUrl } from './smoke/workers.ts';

const usage = `npm run smoke -- [options]

Shows that a deployed stack works, as far as that can be seen from outside. It deploys nothing. It sends every worker an
event that no handler sees, checks whom the alarms tell, and lets one alarm fire for a minute.

If the stack has no canary, these events come into the unrouted queue, and are sent on to their workers from there and
deleted. What else rests there is hidden for a moment, and given back. UnroutedEvents may fire meanwhile, and clears by
itself. With an archive, the events are archived. Ctrl-C takes them out of the unrouted queue, too.

  --alarm <name>  the alarm to let fire; by default one that needs nobody at night, ReceiverSlow
  --no-alarm      lets none fire

${deploymentUsage}

It ends with 0 if nothing failed, with 1 if something failed, and with 2 if it could not begin.`;

/** Its part of an alarm's name. It is of the kind that waits until the morning. */
const defaultAlarm = 'ReceiverSlow';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...deploymentOptions,
      alarm: { type: 'string' },
      'no-alarm': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const signal = interruption(
    'Taking the marked events away. Ctrl-C again ends at once, and may leave them.',
  );
  const deployment = await findDeployment(values);
  const cloudWatch = new CloudWatchClient(deployment.client('cloudWatch'));
  const sns = new SNSClient(deployment.client('sns'));
  try {
    const alarms = await deployedAlarms(cloudWatch, deployment.alarmPrefix);
    const topics = [...new Set(alarms.flatMap((alarm) => alarm.topics))];
    const checks = [
      await checkUrl(deployment),
      ...(await checkPassages(deployment, signal)),
      checkActions(alarms),
      ...(await Promise.all(topics.map((topic) => checkTopic(sns, topic, alarms)))),
      ...(values['no-alarm'] || signal.aborted ? [] : [await fire(cloudWatch, chosen(alarms, values.alarm))]),
    ];
    console.log(`${deployment.name}\n${checksTable(checks)}`);
    process.exitCode = checks.some(({ result }) => result === 'failed') ? 1 : 0;
  } finally {
    cloudWatch.destroy();
    sns.destroy();
  }
}

/**
 * The alarm that is to fire.
 *
 * @throws Error naming those that there are
 */
function chosen(alarms: readonly DeployedAlarm[], name = defaultAlarm): DeployedAlarm {
  const alarm = alarms.find((each) => each.name === name) ?? alarms.find((each) => each.name.includes(name));
  if (!alarm) {
    throw new Error(`There is no alarm ${name}. There are: ${alarms.map((each) => each.name).join(', ')}.`);
  }
  return alarm;
}

/** Lets an alarm fire. CloudWatch puts it right at its next evaluation. */
function fire(cloudWatch: CloudWatchClient, alarm: DeployedAlarm): Promise<Check> {
  return check('an alarm fires', async () => {
    if (alarm.state === 'ALARM') {
      const detail = `${alarm.name} is firing already, so that setting its state would tell nobody. Choose another with --alarm.`;
      return { result: 'failed', detail };
    }
    const reason = 'npm run smoke: a test of the notification. Nothing is wrong.';
    await cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: alarm.name, StateValue: 'ALARM', StateReason: reason }),
    );
    const detail = `${alarm.name} fired. Its notification should have come by now: look for the words "a test of the notification". If it has not come, look at the topics above.`;
    return { result: 'unproven', detail };
  });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
