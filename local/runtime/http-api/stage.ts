import type { LogGroups } from '../../aws/logs/log-groups.ts';
import type { Assembly } from '../../aws/template/assembly.ts';
import type { Resolve } from '../../aws/template/resolve.ts';
import type { Clock } from '../../clock.ts';
import { type AccessLogContext, accessLogFormat } from './access-log.ts';
import { TokenBucket } from './token-bucket.ts';

/** The stage of an HTTP API at work. */
interface ApiStage {
  /** Whether a request that matches a route may pass, or is throttled. */
  admit(): boolean;
  /** Writes a request's line into the access log, if the stage has one. */
  log(request: AccessLogContext): void;
}

interface StageProperties {
  StageName: string;
  DefaultRouteSettings?: { ThrottlingRateLimit?: number; ThrottlingBurstLimit?: number };
  RouteSettings?: object;
  AccessLogSettings?: { DestinationArn: string; Format: string };
}

/**
 * The throttle of an account for all its APIs. It holds for a stage that sets none.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const accountThrottle = { rate: 10_000, burst: 5_000 };

/**
 * Reads the one stage of a template's HTTP API.
 *
 * @param clock by which it throttles
 * @param logs takes the access log
 * @throws Error if there is not one stage, or it has settings that are not known here
 */
export function createStage(assembly: Assembly, resolve: Resolve, clock: Clock, logs: LogGroups): ApiStage {
  const stages = Object.values(assembly.resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage');
  const [stage] = stages;
  if (stages.length !== 1 || !stage) {
    throw new Error(`The local run knows an HTTP API with one stage; the template has ${stages.length}.`);
  }
  const properties = resolve(stage.Properties) as StageProperties;
  const { StageName, RouteSettings, DefaultRouteSettings = {}, AccessLogSettings } = properties;
  if (StageName !== '$default') throw new Error(`The local run does not know the stage ${StageName}.`);
  if (RouteSettings) {
    throw new Error("The local run knows a stage's DefaultRouteSettings, and no RouteSettings.");
  }
  const bucket = new TokenBucket(
    DefaultRouteSettings.ThrottlingRateLimit ?? accountThrottle.rate,
    DefaultRouteSettings.ThrottlingBurstLimit ?? accountThrottle.burst,
    clock.now,
  );
  return { admit: () => bucket.take(), log: accessLog(AccessLogSettings, logs) };
}

function accessLog(settings: StageProperties['AccessLogSettings'], logs: LogGroups): ApiStage['log'] {
  if (!settings) return () => undefined;
  const { DestinationArn, Format } = settings;
  const logGroup = DestinationArn.match(/:log-group:([^:]+)/)?.[1];
  if (!logGroup) throw new Error(`The access log goes to ${DestinationArn}, which is no log group.`);
  const write = logs.ofAccess(logGroup);
  const render = accessLogFormat(Format);
  return (request) => write(render(request));
}
