import { type Emulator, listen } from '../../../../local/aws/emulator.ts';
import { createSsm, parametersOf } from '../../../../local/aws/ssm/ssm.ts';
import { arn, createResolver } from '../../../../local/aws/template/intrinsics.ts';

const resources = {
  Level: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/shop/level', Type: 'String', Value: { Ref: 'Queue' } },
  },
  Plain: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: '1' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
};
const resolve = createResolver(resources, { queueUrl: (name) => `http://q/${name}`, apiEndpoint: '' });

let ssm: Emulator;
beforeAll(async () => {
  ssm = await listen(createSsm(() => parametersOf({ resources }, resolve)));
});
afterAll(() => ssm.stop());

async function call(action: string, body: object): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(ssm.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSSM.${action}` },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

test.each(['/shop/level', arn('ssm', 'parameter/shop/level')])('a parameter is found by %s', async (Name) => {
  expect(await call('GetParameter', { Name, WithDecryption: true })).toMatchObject({
    status: 200,
    body: { Parameter: { Name: '/shop/level', Type: 'String', Value: 'http://q/Queue', Version: 1 } },
  });
});

test('several are asked for at once, and those that are not there are named', async () => {
  expect(await call('GetParameters', { Names: ['CFN-Plain', '/gone'] })).toMatchObject({
    status: 200,
    body: { Parameters: [{ Name: 'CFN-Plain', Value: '1' }], InvalidParameters: ['/gone'] },
  });
});

test.each([
  ['GetParameter', { Name: '/gone' }, { __type: 'ParameterNotFound' }],
  ['PutParameter', { Name: '/new', Value: '1' }, { __type: 'NotEmulated' }],
])('%s of %j is refused', async (action, body, refusal) => {
  expect(await call(action, body)).toMatchObject({ status: 400, body: refusal });
});
