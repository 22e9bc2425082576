import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Emulator, listen } from '../emulator.ts';
import type { Guard } from '../guard.ts';
import { eventSourceCall } from '../lambda/api.ts';
import { type AwsCall, parseAwsCalls, signerOf } from './aws-call.ts';
import { missingOperation, notEmulated } from './emulated-services.ts';
import { requestInProcess } from './in-process-request.ts';
import { refuse } from './refusal.ts';

/** Where a service answers: in this process, or at an endpoint elsewhere. */
export type ServiceAddress = Pick<Emulator, 'endpoint' | 'server'>;

/** What decides about calls, and is told of them. */
export interface CallJudge {
  /** Why a call is denied, or undefined. */
  denial(call: AwsCall): string | undefined;
  /** Why a call that is allowed cannot be answered, because what it names is not here; or undefined. */
  absence?(call: AwsCall): string | undefined;
  /** A call was refused, because its service or what it names is not here. */
  refused?(sentence: string): void;
  /** A call is forwarded to its service. */
  served?(call: AwsCall, requestBytes: number): void;
}

/** What services say of something that is not there, by their names in signatures. */
const absenceCodes: Readonly<Record<string, string>> = {
  sqs: 'QueueDoesNotExist',
  sns: 'NotFound',
  ssm: 'ParameterNotFound',
};

/**
 * Starts the endpoint of the local AWS: one for all services. It checks every call against the caller's permissions,
 * which none of the emulators does, and forwards it to its service.
 *
 * @param services by their names in signatures
 * @param guard before the port
 */
export function startAwsEndpoint(
  services: Readonly<Record<string, ServiceAddress>>,
  judge: CallJudge,
  guard?: Guard,
): Promise<Emulator> {
  const agent = new Agent({ keepAlive: true });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const signer = signerOf(incoming.headers);
    const refuseIt = (code: string, message: string) =>
      refuse(response, incoming.headers, signer?.service, code, message);
    if (!signer) return refuseIt('IncompleteSignature', 'This call is not signed.');
    // Of Lambda, only event sources are here.
    const isKnown = signer.service !== 'lambda' || eventSourceCall(incoming.method, incoming.url);
    const service = isKnown ? services[signer.service] : undefined;
    if (!service) {
      const sentence = notEmulated(incoming.headers, incoming.url ?? '/', signer.service);
      judge.refused?.(sentence);
      return refuseIt('NotEmulated', sentence);
    }
    const { endpoint, server } = service;
    // A service elsewhere may have more.
    const missing = server && missingOperation(incoming.headers, signer.service);
    if (missing) {
      judge.refused?.(missing);
      return refuseIt('NotEmulated', missing);
    }
    const calls = parseAwsCalls(incoming.headers, body.toString(), incoming);
    if (calls.length === 0) return refuseIt('IncompleteSignature', 'This call names no resource.');
    for (const call of calls) {
      const reason = judge.denial(call);
      if (reason) return refuseIt('AccessDeniedException', reason);
      const absence = server && judge.absence?.(call);
      if (absence) {
        judge.refused?.(absence);
        return refuseIt(absenceCodes[signer.service] ?? 'ResourceNotFoundException', absence);
      }
    }
    for (const call of calls) judge.served?.(call, body.length);

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
    guard,
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
