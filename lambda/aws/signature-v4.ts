import { createHmac, createSecretKey, type Hmac, hash, type KeyObject } from 'node:crypto';
import type { Credentials } from './credentials.ts';

/** What a request is signed for. */
interface SigningScope {
  /** The service's name in signatures, `sqs`. */
  service: string;
  region: string;
  host: string;
  contentType: string;
}

/**
 * Signs a POST to `/`.
 *
 * @param target `X-Amz-Target`: the service's version and operation
 * @param now milliseconds since the epoch
 * @returns all headers that the signature covers, and `authorization`: names and values in turn, as `httpPost` takes them
 */
type Signer = (target: string, body: string | Uint8Array, credentials: Credentials, now: number) => string[];

/**
 * Creates a signer of AWS's JSON calls, Signature Version 4.
 *
 * The key of a day is kept, as a `KeyObject`: if it gets bytes, Node's `createHmac` takes longer to find out that they
 * are no key than to hash a webhook (docs/decisions/0020).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSigner({ service, region, host, contentType }: SigningScope): Signer {
  let kept: { day: string; secretAccessKey: string; key: KeyObject } | undefined;

  function keyOf(day: string, secretAccessKey: string): KeyObject {
    if (kept?.day === day && kept.secretAccessKey === secretAccessKey) return kept.key;
    let key = keyFrom(`AWS4${secretAccessKey}`);
    for (const part of [day, region, service, 'aws4_request']) key = keyFrom(hmac(key, part).digest());
    kept = { day, secretAccessKey, key };
    return key;
  }

  return (target, body, { accessKeyId, secretAccessKey, sessionToken }, now) => {
    const time = new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/${service}/aws4_request`;
    // Sorted by name, as the canonical request has them.
    const headers = ['content-type', contentType, 'host', host, 'x-amz-date', time];
    if (sessionToken) headers.push('x-amz-security-token', sessionToken);
    headers.push('x-amz-target', target);
    let [lines, names] = ['', ''];
    for (let at = 0; at < headers.length; at += 2) {
      lines += `${headers[at]}:${headers[at + 1]}\n`;
      names += at === 0 ? headers[at] : `;${headers[at]}`;
    }
    const request = `POST\n/\n\n${lines}\n${names}\n${hash('sha256', body)}`;
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', request)}`;
    const signature = hmac(keyOf(day, secretAccessKey), text).digest('hex');
    headers.push(
      'authorization',
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    );
    return headers;
  };
}

function keyFrom(material: string | Buffer): KeyObject {
  return createSecretKey(Buffer.from(material));
}

function hmac(key: KeyObject, text: string): Hmac {
  return createHmac('sha256', key).update(text);
}
