import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Emulator, listen } from '../emulator.ts';
import { type AwsCall, parseAwsCall } from './aws-call.ts';
import { handOn } from './in-process-request.ts';

/** Where a service answers: in this process, or else at an endpoint. */
export type Service = Pick<Emulator, 'endpoint' | 'server'>;

/**
 * Starts the front door of the local AWS: one endpoint for all services, which checks every call against
 * the caller's permissions, as none of the emulators does, and hands it on.
 *
 * @param services by their names in signatures
 * @param denial why a call is denied, or undefined
 * @param served told of each call that is handed on
 */
export function startGateway(
  services: Readonly<Record<string, Service>>,
  denial: (call: AwsCall) => string | undefined,
  served: (call: AwsCall, requestBytes: number) => void = () => undefined,
): Promise<Emulator> {
  const agent = new Agent({ keepAlive: true });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const call = parseAwsCall(incoming.headers, body.toString());
    if (!call) {
      return refuse(response, 'IncompleteSignature', 'This call is not signed, or names no resource.');
    }
    const service = services[call.service];
    if (!service) {
      return refuse(response, 'UnrecognizedClientException', `The local stack does not run ${call.service}.`);
    }
    const reason = denial(call);
    if (reason) return refuse(response, 'AccessDeniedException', reason);
    served(call, body.length);

    const { endpoint, server } = service;
    if (server) return handOn(server, incoming, body, response);
    // What becomes of a call on the way to its service becomes of it here: an answer, silence or a hang-up.
    const outgoing = request(new URL(incoming.url ?? '/', endpoint), {
      method: incoming.method,
      headers: { ...incoming.headers, host: new URL(endpoint).host },
      agent,
    });
    outgoing.once('error', () => response.destroy());
    outgoing.once('response', (answer: IncomingMessage) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      pipeline(answer, response).catch(() => response.destroy());
    });
    response.once('close', () => outgoing.destroy());
    outgoing.end(body);
  }

  return listen(
    createServer((incoming, response) => {
      serve(incoming, response).catch(() => response.destroy());
    }),
  );
}

/** The body of a request. `node:stream/consumers` takes the way over a Blob, which showed in the profile. */
function read(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('error', reject);
  });
}

function refuse(response: ServerResponse, type: string, message: string): void {
  response
    .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message }));
}
