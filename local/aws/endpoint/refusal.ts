import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** The protocols of AWS in which an error has a form of its own. */
type Protocol = 'json' | 'query' | 's3';

/**
 * Refuses a call in the protocol of its service, so that its SDK throws an error of this code and with this message.
 *
 * @param headers of the call
 * @param service its name in the call's signature; undefined if the call has none
 * @see https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html#operation-error-serialization
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
 */
export function refuse(
  response: ServerResponse,
  headers: IncomingHttpHeaders,
  service: string | undefined,
  code: string,
  message: string,
): void {
  const protocol = protocolOf(headers, service);
  const error = `<Code>${code}</Code><Message>${escapedXml(message)}</Message>`;
  const body = {
    json: JSON.stringify({ __type: `com.amazon.coral.service#${code}`, message }),
    query: `<ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>`,
    s3: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}</Error>`,
  }[protocol];
  // The services that have REST and JSON read the code in this header, and the others read it in the body.
  const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code };
  response.writeHead(400, protocol === 'json' ? json : { 'content-type': 'application/xml' }).end(body);
}

function protocolOf(headers: IncomingHttpHeaders, service: string | undefined): Protocol {
  if (service === 's3' || service === 's3express') return 's3';
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'query' : 'json';
}

/** A text as XML may hold it. */
export function escapedXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
