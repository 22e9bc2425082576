import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { errorMessage } from '../../error-message.ts';
import type { AlarmStatus } from './alarm-states.ts';
import type { CloudWatch } from './cloudwatch.ts';
import type { AlarmState } from './evaluation.ts';
import type { Metric } from './metric.ts';

interface RequestBody {
  AlarmNames?: string[];
  AlarmNamePrefix?: string;
  AlarmTypes?: string[];
  AlarmName?: string;
  StateValue?: AlarmState;
  StateReason?: string;
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value?: string }[];
  NextToken?: string;
}

/** How many metrics an answer has at most, as on AWS. */
const metricsPerPage = 500;

/**
 * Creates the part of CloudWatch's API that commands use: DescribeAlarms, ListMetrics and SetAlarmState.
 *
 * @param cloudWatch of the deployment; undefined while there is none
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
 */
export function createCloudWatchApi(cloudWatch: () => CloudWatch | undefined): Server {
  function answer(action: string | undefined, call: RequestBody): object {
    const deployed = cloudWatch();
    const alarms = deployed?.describeAlarms() ?? [];
    if (action === 'DescribeAlarms') return describe(alarms, call);
    if (action === 'ListMetrics') return list(deployed?.recorded ?? [], call);
    if (action !== 'SetAlarmState') throw new Error(`${action} is not known here.`);
    const { AlarmName = '', StateValue, StateReason = '' } = call;
    if (!deployed || !StateValue) throw new Error(`There is no alarm ${AlarmName}, or no state to set.`);
    deployed.setAlarmState(AlarmName, StateValue, StateReason);
    return {};
  }

  return createServer(async (request, response) => {
    const call = Object(await json(request).catch(() => undefined)) as RequestBody;
    const reply = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    };
    try {
      reply(200, answer(String(request.headers['x-amz-target']).split('.').at(-1), call));
    } catch (error) {
      const message = errorMessage(error);
      reply(400, { __type: 'com.amazonaws.cloudwatch#ResourceNotFound', message });
    }
  });
}

/** Metric alarms unless it asks for composite alarms, too. */
function describe(
  alarms: readonly AlarmStatus[],
  { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'] }: RequestBody,
): object {
  const chosen = alarms.filter(
    ({ name }) => name.startsWith(AlarmNamePrefix) && (AlarmNames?.includes(name) ?? true),
  );
  const ofType = (type: string, isOfType: (alarm: AlarmStatus) => boolean) =>
    AlarmTypes.includes(type) ? chosen.filter(isOfType).map(toAnswer) : [];
  return {
    MetricAlarms: ofType('MetricAlarm', ({ rule }) => rule === undefined),
    CompositeAlarms: ofType('CompositeAlarm', ({ rule }) => rule !== undefined),
  };
}

/** A metric is listed if it has all of the given dimensions, and maybe others. */
function list(
  metrics: readonly Metric[],
  { Namespace, MetricName, Dimensions = [], NextToken = '0' }: RequestBody,
): object {
  const chosen = metrics.filter(
    ({ namespace, name, dimensions }) =>
      [undefined, namespace].includes(Namespace) &&
      [undefined, name].includes(MetricName) &&
      Dimensions.every(
        ({ Name, Value }) => Name in dimensions && [undefined, dimensions[Name]].includes(Value),
      ),
  );
  const from = Number(NextToken);
  const to = from + metricsPerPage;
  return {
    Metrics: chosen.slice(from, to).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(to < chosen.length ? { NextToken: String(to) } : {}),
  };
}

function toAnswer({ name, arn, description, actionsEnabled, actions, rule, state, reason }: AlarmStatus) {
  return {
    AlarmName: name,
    AlarmArn: arn,
    AlarmDescription: description,
    ActionsEnabled: actionsEnabled,
    AlarmActions: actions.ALARM,
    OKActions: actions.OK,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    StateValue: state,
    StateReason: reason,
    ...(rule === undefined ? {} : { AlarmRule: rule }),
  };
}
