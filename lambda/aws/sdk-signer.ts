import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { credentialsOf } from './credentials.ts';
import { createSigner } from './signature-v4.ts';

type RequestSigner = Extract<DynamoDBClientConfig['signer'], { sign: unknown }>;

/**
 * Signs the calls of an SDK client as the receiver signs its own: the client's setting `signer`. The SDK's signer derives its
 * key with `createHmac` and bytes as a key, makes a signer for each call, and signs every header; that was a tenth of what an event
 * cost a worker (docs/decisions/0039).
 *
 * It is for a service that speaks AWS's JSON protocol, so that each call is a POST to `/` whose body is there as a whole.
 *
 * @param service the service's name in signatures, `dynamodb`
 * @param source where Lambda's credentials and region are, `process.env` unless a test says otherwise
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSdkSigner(
  service: string,
  source: Readonly<Record<string, string | undefined>> = process.env,
): RequestSigner {
  let kept: { host: string; sign: ReturnType<typeof createSigner> } | undefined;

  return {
    async sign(request, { signingDate = new Date() } = {}) {
      const { headers } = request;
      const { host = '' } = headers;
      if (kept?.host !== host) {
        const { AWS_REGION: region = '' } = source;
        const contentType = headers['content-type'] ?? '';
        kept = { host, sign: createSigner({ service, region, host, contentType }) };
      }
      const target = headers['x-amz-target'] ?? '';
      // A copy of `user-agent`. AWS asks that every header is signed whose name begins like that.
      delete headers['x-amz-user-agent'];
      const signed = kept.sign(target, wholeBody(request.body), credentialsOf(source), Number(signingDate));
      for (let at = 0; at < signed.length; at += 2) headers[signed[at] ?? ''] = signed[at + 1] ?? '';
      return request;
    },
  };
}

function wholeBody(body: unknown): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError('A body that is a stream cannot be signed.');
}
