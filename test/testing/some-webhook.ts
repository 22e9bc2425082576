import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Receiver } from '../../lambda/receiver/handler.ts';
import { readBody, readHead, toEvent } from '../../local/runtime/http-api/http-request.ts';
import { receiverInMemory } from '../support/receiver-in-memory.ts';

interface Reply {
  status: number;
  body: string;
}

export interface SomeWebhook {
  url: string;
  close(): Promise<void>;
}

/** Ours takes no event that is larger, even compressed. */
const maxEventBytes = 1_046_528;

/**
 * A webhook on this machine, with the verification and the answers of this project's receiver, and nothing behind it.
 *
 * @param parts what is otherwise in the receiver
 * @param say changes what a request is answered
 */
export async function someWebhook(
  secrets: readonly string[],
  parts: Partial<Receiver> = {},
  say = (reply: Reply, _request: APIGatewayProxyEventV2): Reply => reply,
): Promise<SomeWebhook> {
  const { handle } = receiverInMemory(
    secrets.map((secret) => ({ secret })),
    { maxEventBytes, answerWithinMs: 10_000, ...parts },
  );
  const server = createServer(async (incoming, response) => {
    const head = readHead(incoming);
    const request = toEvent(head, (await readBody(incoming)) ?? Buffer.alloc(0));
    const { statusCode = 500, body = '' } =
      head.routeKey === 'POST /webhooks/zavu'
        ? Object(await handle(request))
        : { statusCode: 404, body: '{"message":"Not Found"}' };
    const reply = say({ status: statusCode, body }, request);
    response.writeHead(reply.status).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks/zavu`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
