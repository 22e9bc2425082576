import { IncomingMessage, type Server, type ServerResponse } from 'node:http';

/**
 * Gives a request to a server of this process without a connection between them: a connection would cost several
 * times what most servers of the local run do for an answer.
 *
 * @param incoming a request whose body was read
 * @param response takes the server's answer
 */
export function requestInProcess(
  server: Server,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const replay = new IncomingMessage(incoming.socket);
  replay.method = incoming.method ?? '';
  replay.url = incoming.url ?? '';
  replay.httpVersion = incoming.httpVersion;
  replay.rawHeaders = incoming.rawHeaders;
  replay.headers = incoming.headers;
  replay.push(body);
  replay.push(null);
  // Without it, an end would count as a connection that broke off.
  replay.complete = true;
  server.emit('request', replay, response);
}
