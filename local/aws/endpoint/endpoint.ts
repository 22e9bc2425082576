import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Emulator, listen } from '../emulator.ts';
import { type AwsCall, parseAwsCall } from './aws-call.ts';
import { requestInProcess } from './in-process-request.ts';

/** Where a service answers: in this process, or at an endpoint elsewhere. */
export type ServiceAddress = Pick<Emulator, 'endpoint' | 'server'>;

/**
 * Starts the endpoint of the local AWS: one for all services. It checks every call against the caller's permissions,
 * which none of the emulators does, and forwards it to its service.
 *
 * @param services by their names in signatures
 * @param denial why a call is denied, or undefined
 * @param served is told of each call that is forwarded
 */
export function startAwsEndpoint(
  services: Readonly<Record<string, ServiceAddress>>,
  denial: (call: AwsCall) => string | undefined,
  served: (call: AwsCall, requestBytes: number) => void = () => undefined,
): Promise<Emulator> {
  const agent = new Agent({ keepAlive: true });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const call = parseAwsCall(incoming.headers, body.toString(), incoming);
    if (!call) {
      return refuse(response, 'IncompleteSignature', 'This call is not signed, or names no resource.');
    }
    const service = services[call.service];
    if (!service) {
      return refuse(response, 'UnrecognizedClientException', `The local run does not run ${call.service}.`);
    }
    const reason = denial(call);
    if (reason) return refuse(response, 'AccessDeniedException', reason);
    served(call, body.length);

    const { endpoint, server } = service;
    if (server) return requestInProcess(server, incoming, body, response);
    // What happens to a call at its service happens to it here, too: an answer, silence or a hang-up.
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

/** The body of a request. `node:stream/consumers` goes through a Blob, which cost measurable time. */
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
