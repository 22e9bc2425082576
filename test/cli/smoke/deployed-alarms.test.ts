import { CloudWatchClient, type DescribeAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
import { deployedAlarms } from '../../../cli/smoke/alarms.ts';

/** All alarms of an account, as CloudFormation and CDK name them. */
const metricAlarms = ['Mine-ZavuMonitoringSlow-AB', 'Mine-ZavuTwoMonitoringSlow-CD', 'Other-Monitoring-EF'];
const compositeAlarms = [
  {
    AlarmName: 'MineZavuMonitoringNothing1234',
    AlarmRule: 'ALARM("arn:aws:alarm:Mine-ZavuMonitoringSlow-AB")',
  },
  { AlarmName: 'OtherMonitoringNothing1234', AlarmRule: 'ALARM("arn:aws:alarm:Other-Monitoring-EF")' },
];

/** A client of this account, which looks at the prefix and the types. */
function clientOfAccount(): CloudWatchClient {
  const client = new CloudWatchClient({ region: 'us-east-1' });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        const { AlarmNamePrefix = '', AlarmTypes = [] }: DescribeAlarmsCommandInput = Object(input);
        const begins = ({ AlarmName }: { AlarmName: string }) => AlarmName.startsWith(AlarmNamePrefix);
        const metric = AlarmTypes.includes('MetricAlarm') ? metricAlarms : [];
        const composite = AlarmTypes.includes('CompositeAlarm') ? compositeAlarms : [];
        const output = {
          $metadata: {},
          MetricAlarms: metric.map((AlarmName) => ({ AlarmName })).filter(begins),
          CompositeAlarms: composite.filter(begins),
        };
        return { output, response: {} };
      },
    { step: 'initialize' },
  );
  return client;
}

test.each([
  ['Mine-ZavuMonitoring', ['Mine-ZavuMonitoringSlow-AB', 'MineZavuMonitoringNothing1234']],
  ['Other-', ['Other-Monitoring-EF', 'OtherMonitoringNothing1234']],
  ['Mine-ZavuTwoMonitoring', ['Mine-ZavuTwoMonitoringSlow-CD']],
])('the alarms of %s are those of its prefix, and what asks for them', async (prefix, names) => {
  expect((await deployedAlarms(clientOfAccount(), prefix)).map(({ name }) => name)).toEqual(names);
});
