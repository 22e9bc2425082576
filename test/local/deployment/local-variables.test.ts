import { applyVariables } from '../../../local/deployment/local-variables.ts';
import type { FunctionDefinition } from '../../../local/runtime/functions/definitions.ts';

const functionOf = (name: string, environment: Record<string, string>): FunctionDefinition => ({
  name,
  environment,
  module: '',
  exported: '',
  role: '',
  traced: false,
  logGroup: '',
  logging: { format: 'Text' },
  memoryMb: 128,
  timeoutSeconds: 3,
});
const own = functionOf('Inbound', {
  WORKER_NAME: 'inbound',
  CRM_URL: 'https://crm.example',
  AWS_ENDPOINT_URL: 'http://local',
});
const guest = functionOf('Guest', { WORKER_NAME: 'mine', SHOP_QUEUE_URL: 'http://q' });

/** The environments of both with these variables in .env.local, and what is said of them. */
function applied(variables: Record<string, string>) {
  const { functions, ...said } = applyVariables([own, guest], variables, new Set(['Guest']));
  const [ofOwn, ofGuest] = functions.map(({ environment }) => environment);
  return { ofOwn, ofGuest, ...said };
}

test('a variable takes the place of the template’s, in the functions that have it', () => {
  expect(applied({ CRM_URL: 'http://127.0.0.1:1' })).toEqual({
    ofOwn: { ...own.environment, CRM_URL: 'http://127.0.0.1:1' },
    ofGuest: guest.environment,
    set: ['CRM_URL'],
    unused: [],
  });
});

test('what the construct sets for its functions stays, and a guest’s of the same name does not', () => {
  const { ofOwn, ofGuest, set } = applied({ WORKER_NAME: 'other', SHOP_QUEUE_URL: 'http://other' });
  expect(ofOwn).toEqual(own.environment);
  expect(ofGuest).toEqual({ WORKER_NAME: 'other', SHOP_QUEUE_URL: 'http://other' });
  expect(set).toEqual(['WORKER_NAME', 'SHOP_QUEUE_URL']);
});

test('what the keeper of pauses finds its event sources by stays', () => {
  const keeper = functionOf('Pauses', { EVENT_SOURCES: 'inbound:id:1' });
  const { functions, set, unused } = applyVariables([keeper], { EVENT_SOURCES: 'other' });
  expect(functions[0]?.environment).toEqual(keeper.environment);
  expect([set, unused]).toEqual([[], [expect.stringContaining('EVENT_SOURCES (')]]);
});

test('an endpoint of a service that the webhooks do without goes to every function', () => {
  const { ofOwn, ofGuest, set } = applied({ AWS_ENDPOINT_URL_S3: 'http://minio' });
  for (const each of [ofOwn, ofGuest]) expect(each).toMatchObject({ AWS_ENDPOINT_URL_S3: 'http://minio' });
  expect(set).toEqual(['AWS_ENDPOINT_URL_S3']);
});

test.each([
  ['ZAVU_WEBHOOK_SECRET', 'no function has it in the template'],
  ['AWS_ENDPOINT_URL', 'AWS sets it'],
  ['AWS_ACCESS_KEY_ID', 'AWS sets it'],
  ['AWS_ENDPOINT_URL_DYNAMODB', 'start the local run with $DYNAMODB_ENDPOINT'],
  ['AWS_ENDPOINT_URL_SECRETS_MANAGER', 'start the local run with $SECRETS_MANAGER_ENDPOINT'],
])('%s reaches no function: %s', (name, reason) => {
  expect(applied({ [name]: 'x' })).toEqual({
    ofOwn: own.environment,
    ofGuest: guest.environment,
    set: [],
    unused: [`${name} (${reason})`],
  });
});

test('the text of a secret is no variable of a function', () => {
  const name = 'ZAVU_LOCAL_SECRET_CRM';
  const { functions, set, unused } = applyVariables([functionOf('F', { [name]: 'a' })], { [name]: 'b' });
  expect(functions[0]?.environment).toEqual({ [name]: 'a' });
  expect([set, unused]).toEqual([[], []]);
});
