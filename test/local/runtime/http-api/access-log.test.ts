import {
  type AccessLogContext,
  accessLogFormat,
  commonLogTime,
} from '../../../../local/runtime/http-api/access-log.ts';

const context: AccessLogContext = {
  accountId: '000000000000',
  apiId: 'local',
  domainName: 'localhost',
  domainPrefix: 'local',
  'error.message': undefined,
  'error.responseType': undefined,
  httpMethod: 'POST',
  'identity.sourceIp': '127.0.0.1',
  'identity.userAgent': 'Zavu',
  'integration.error': undefined,
  'integration.integrationStatus': 200,
  'integration.latency': 12,
  'integration.status': 401,
  path: '/webhooks/zavu',
  protocol: 'HTTP/1.1',
  requestId: 'any',
  requestTime: commonLogTime(new Date('2026-11-07T05:02:09.999Z')),
  requestTimeEpoch: 1,
  responseLatency: 15,
  responseLength: 33,
  routeKey: 'POST /webhooks/zavu',
  stage: '$default',
  status: 401,
};

test('variables are put in, and what has no value is a hyphen', () => {
  const render = accessLogFormat(
    '$context.status $context.integrationStatus/$context.integration.status [$context.requestTime] "$context.routeKey" $context.error.message.',
  );
  expect(render(context)).toBe('401 200/401 [07/Nov/2026:05:02:09 +0000] "POST /webhooks/zavu" -.');
});

test('a message is put in raw, and quoted as a messageString', () => {
  const failed = { ...context, 'error.message': 'a "quoted" word' };
  const raw = accessLogFormat('{"error":"$context.error.message"}')(failed);
  expect(raw).toBe('{"error":"a "quoted" word"}');
  expect(() => JSON.parse(raw)).toThrow(SyntaxError);
  const quoted = accessLogFormat('{"error":$context.error.messageString}')(failed);
  expect(JSON.parse(quoted)).toEqual({ error: 'a "quoted" word' });
});

test.each(['$context.authorizer.principalId', '$context.statuses', '$context.constructor'])(
  'a variable that is not known is refused: %s',
  (variable) => {
    expect(() => accessLogFormat(`{"x":"${variable}"}`)).toThrow(`does not know ${variable}`);
  },
);
