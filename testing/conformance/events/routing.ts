import { answersExactly, behaviours } from '../behaviour.ts';
import { exchange } from '../raw-http.ts';
import { inbound } from '../test-events.ts';

export const routingBehaviours = behaviours('request', (behaviour) => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    behaviour(
      `with the method ${method} is answered 404`,
      async (judge) => judge.notFound(await exchange(judge.target.url, { method }), 'Not Found'),
      answersExactly,
    );
  }

  for (const path of ['/other', '/webhooks/zavu/more', '/WEBHOOKS/ZAVU', '/']) {
    behaviour(
      `to the path ${path} is answered 404`,
      async (judge) => judge.notFound(await exchange(new URL(path, judge.target.url).href)),
      answersExactly,
    );
  }

  behaviour('with a query is taken as one without', async (judge) => {
    const event = inbound();
    const url = `${judge.target.url}?from=zavu&from=again`;
    await judge.handled(await judge.post(event, { url }), event);
  });
});
