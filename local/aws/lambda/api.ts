import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { EventSources } from '../../runtime/event-sources/event-sources.ts';

/** The path of an event source mapping in Lambda's API. */
const mappingPath = /^\/2015-03-31\/event-source-mappings\/([\w-]+)\/?(?:\?.*)?$/;

/** What a call of Lambda's API asks for: `GetEventSourceMapping` or `UpdateEventSourceMapping`, and of which mapping. */
export function eventSourceCall(
  method: string | undefined,
  url: string | undefined,
): { operation: string; id: string } | undefined {
  const id = url?.match(mappingPath)?.[1];
  const operation = { GET: 'GetEventSourceMapping', PUT: 'UpdateEventSourceMapping' }[method ?? ''];
  return id && operation ? { operation, id } : undefined;
}

/**
 * Creates the part of Lambda's API that the keeper of pauses and the commands use: GetEventSourceMapping, and
 * UpdateEventSourceMapping of `Enabled`.
 *
 * @param eventSources of the deployment; undefined while there is none
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export function createLambdaApi(eventSources: () => EventSources | undefined): Server {
  return createServer(async (request, response) => {
    const reply = (status: number, body: object, headers: Record<string, string> = {}) => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    };
    const refuse = (status: number, type: string, message: string) =>
      reply(status, { Type: 'User', Message: message }, { 'x-amzn-errortype': type });
    const call = eventSourceCall(request.method, request.url);
    if (!call) return refuse(400, 'InvalidParameterValueException', 'This call is not known here.');
    const sources = eventSources();
    if (sources?.state(call.id) === undefined)
      return refuse(404, 'ResourceNotFoundException', `There is no event source ${call.id}.`);
    if (call.operation === 'GetEventSourceMapping')
      return reply(200, { UUID: call.id, State: sources.state(call.id) });
    const { Enabled, ...others } = Object(await json(request).catch(() => undefined)) as Record<
      string,
      unknown
    >;
    const [other] = Object.keys(others).filter((name) => name !== 'UUID');
    if (other || typeof Enabled !== 'boolean')
      return refuse(
        400,
        'InvalidParameterValueException',
        `${other ?? 'A call without Enabled'} is not known here.`,
      );
    if (!sources.set(call.id, Enabled))
      return refuse(400, 'ResourceInUseException', `The event source ${call.id} is changing.`);
    reply(202, { UUID: call.id, State: sources.state(call.id) });
  });
}
