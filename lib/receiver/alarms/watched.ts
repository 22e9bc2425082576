import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { shortestLadder } from '../../../lambda/zavu/delivery.ts';

/** The parts of a receiver that its alarms watch. */
export interface WatchedReceiver {
  function: LambdaFunction;
  api: HttpApi;
  accessLogs: ILogGroup;
  unroutedQueue: IQueue;
  /** When it gives a request up. */
  answerWithin: Duration;
}

/** How long events are safe, for the text of an alarm: a person who is paged has so much time. */
export const lossText = `Zavu gives an event up after ${shortestLadder.text}; then it is lost.`;

export const minutely = { period: Duration.minutes(1), statistic: 'Sum' };
export const twoOfThree = { of: 3, breaching: 2 };

/** The command that shows a log's latest lines. */
export function tail({ logGroupName }: ILogGroup, since = '15m'): string {
  return `aws logs tail ${logGroupName} --since ${since}`;
}
