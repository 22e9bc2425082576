import { Match } from 'aws-cdk-lib/assertions';
import { type AccessLogContext, accessLogFormat } from '../../../local/runtime/http-api/access-log.ts';
import { resources, synthesizeStack } from '../../support/template.ts';

/** What a variable holds, in each function that has it. */
const values = (settings: Record<string, unknown>, variable: string) =>
  resources(synthesizeStack(settings), 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
    const { Variables } = Properties.Environment as { Variables: Record<string, string> };
    return Variables[variable] ?? [];
  });

test.each([
  ['Verified', '{ ($.scheme = "*") && ($.outcome != "rejected") }', 'Scheme', '$.scheme'],
  ['Rejected', '{ $.outcome = "rejected" }', 'Reason', '$.reason'],
])('%s requests are counted apart: %s by %s', (MetricName, FilterPattern, Key, Value) => {
  synthesizeStack({ dashboard: 'true' }).hasResourceProperties('AWS::Logs::MetricFilter', {
    FilterPattern,
    LogGroupName: { Ref: Match.stringLikeRegexp('^ReceiverFunctionLogs') },
    MetricTransformations: [
      {
        MetricName,
        MetricNamespace: 'ZavuWebhooks/Test',
        MetricValue: '1',
        Dimensions: [{ Key, Value }],
        // CloudWatch refuses a default beside dimensions.
        DefaultValue: Match.absent(),
      },
    ],
  });
});

test('the greatest age of an event is passed on, or that there is none', () => {
  expect(values({}, 'MAX_EVENT_AGE_SECONDS')).toEqual(['none']);
  expect(values({ maxEventAgeSeconds: '86400' }, 'MAX_EVENT_AGE_SECONDS')).toEqual(['86400']);
});

test('a line of the access log is JSON, whatever the messages in it', () => {
  const [settings] = resources(synthesizeStack(), 'AWS::ApiGatewayV2::Stage').map(
    ([, { Properties }]) => Properties.AccessLogSettings as { Format: string },
  );
  const message = 'a "quoted" word\n';
  const line = accessLogFormat(settings?.Format ?? '')({
    status: 500,
    'error.message': message,
    'integration.error': message,
    'identity.userAgent': message,
  } as AccessLogContext);
  expect(JSON.parse(line)).toEqual({
    requestId: '-',
    status: '500',
    sourceIp: '-',
    error: '-',
    lambdaStatus: '-',
  });
});
