import { expectHandled } from '../../../test/conformance/expectations.ts';
import { post, target } from '../../../test/conformance/harness.ts';
import { exchange } from '../raw-http.ts';
import { inbound } from '../test-events.ts';

describe('request', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'with the method %s is answered 404',
    async (method) => {
      expect(await exchange(target.url, { method })).toMatchObject({
        status: 404,
        body: { message: 'Not Found' },
      });
    },
  );

  test.each(['/other', '/webhooks/zavu/more', '/WEBHOOKS/ZAVU', '/'])(
    'to the path %s is answered 404',
    async (path) => {
      expect(await exchange(new URL(path, target.url).href)).toMatchObject({ status: 404 });
    },
  );

  test('with a query is taken as one without', async () => {
    const event = inbound();
    const url = `${target.url}?from=zavu&from=again`;
    await expectHandled(await post(event, { url }), event);
  });
});
