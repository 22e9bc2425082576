import fc from 'fast-check';
import type { Request } from '../../lambda/receiver/handler.ts';
import { parseJson } from '../../lambda/shared/json.ts';
import { type SenderScheme, senderSchemes, sign } from '../../lambda/zavu/sign.ts';
import { type Scheme, schemes } from '../../lambda/zavu/signature.ts';
import { signBytes } from '../../testing/conformance/signature.ts';
import { eventText, nowSeconds, oddBody, unicode } from './events.ts';
import { bytesOf } from './oracle.ts';
import { isTextOfV2 } from './proof.ts';

/** What one run gives the receiver. */
export interface Case {
  request: Request;
  /** The schemes that count. */
  accepted: readonly Scheme[];
  /** Infinity for any age. */
  maxEventAgeSeconds: number;
  hasCanary: boolean;
}

export { nowSeconds };

const isoTime = (second: number) => new Date(second * 1000).toISOString();

/** Secrets that prove every event. */
const free = ['whsec_fuzz_9f3a2b1c', 'whsec_fuzz_77aa01'] as const;
const [bound, boundTwice, ended] = ['whsec_fuzz_bound_51', 'whsec_fuzz_bound_52', 'whsec_fuzz_ended'];
/** The list that the receiver reads, but for what has ended. */
export const live = [
  { secret: free[0] },
  { secret: free[1], name: 'snd_a', expiresAt: isoTime(nowSeconds) },
  { secret: bound, sender: 'snd_a', project: 'prj_a' },
  { secret: boundTwice, sender: 'snd_a' },
  { secret: boundTwice, project: 'prj_b' },
];
export const secretText = JSON.stringify([
  ...live.slice(1),
  { secret: ended, expiresAt: isoTime(nowSeconds - 1) },
  { secret: bound, expiresAt: isoTime(nowSeconds - 1) },
  free[0],
]);
/** Every key, none of which may be shown. */
export const secrets = [...free, bound, boundTwice, ended];
/** Small, so that events cross it. */
export const acceptedEventBytes = 2_000;

const freeSecret = fc.constantFrom(...free);
const secret = fc.oneof(freeSecret, fc.constantFrom(...secrets));
const senderScheme = fc.constantFrom(...senderSchemes);
const fresh = fc.integer({ min: nowSeconds - 300, max: nowSeconds + 60 });
const times = fc.oneof(
  { weight: 8, arbitrary: fresh },
  fc.constantFrom(nowSeconds - 301, nowSeconds + 61, 0, 999_999_999_999),
  fc.nat(),
);

/** Changes a text in one place or another. */
const mutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(7)).map(([at, bit]) => (text: string) => {
    const index = at % Math.max(1, text.length);
    const flipped = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit));
    return text.slice(0, index) + flipped + text.slice(index + 1);
  }),
  fc.tuple(fc.nat(), fc.nat(8)).map(([at, length]) => (text: string) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + text.slice(index + length);
  }),
  fc.nat().map((at) => (text: string) => text.slice(0, at % (text.length + 1))),
  fc
    .tuple(
      fc.nat(),
      fc.oneof(
        unicode,
        fc.constantFrom(
          ',',
          '=',
          ' ',
          '\t',
          ',t=1',
          ',v1=',
          ',v2=',
          'sha256=',
          '\0',
          '\ufeff',
          '"',
          '{',
          ']',
          '\\',
        ),
      ),
    )
    .map(([at, inserted]) => (text: string) => {
      const index = at % (text.length + 1);
      return text.slice(0, index) + inserted + text.slice(index);
    }),
  fc.nat().map((at) => (text: string) => {
    const parts = text.split(',');
    return [...parts, parts[at % parts.length]].join(',');
  }),
  fc.nat().map((at) => (text: string) => {
    const parts = text.split(',');
    const index = at % parts.length;
    return [...parts.slice(index), ...parts.slice(0, index)].join(',');
  }),
  fc.constantFrom(
    (text: string) => text.toUpperCase(),
    (text: string) => `${text},${text}`,
    (text: string) => text.replaceAll('=', ' = ').replaceAll(',', ' , '),
    (text: string) => text.replace('v2', 'v1'),
    (text: string) => text.replace('v1', 'v2'),
    // As v2 signs it.
    (text: string) => `${nowSeconds}.${text}`,
    (text: string) => text.replace(/,v2=.*/, ''),
    (text: string) => text + ',x=y'.repeat(500),
  ),
);
const mutations = fc.array(mutation, { minLength: 1, maxLength: 2 });
const mutate = (text: string, by: readonly ((text: string) => string)[]) =>
  by.reduce((changed, change) => change(changed), text);

/** A body as API Gateway hands it over. */
function handedOver(bytes: Buffer, inBase64: boolean): Request {
  return { body: bytes.toString(inBase64 ? 'base64' : 'utf8'), isBase64Encoded: inBase64 };
}

const requestContext = { requestId: 'req_fuzz' } as NonNullable<Request['requestContext']>;

function withHeader(request: Request, signature: string | undefined): Request {
  const headers = signature === undefined ? {} : { 'x-zavu-signature': signature };
  return { ...request, headers, requestContext };
}

const accepted: fc.Arbitrary<readonly Scheme[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(schemes) },
  fc.subarray([...schemes], { minLength: 1 }),
);

/** A header that means the same to whoever follows the contract. */
const rewrite: fc.Arbitrary<(header: string) => string> = fc.constantFrom(
  (header: string) => header,
  (header: string) => ` ${header.replaceAll(',', ' , ').replaceAll('=', ' = ')} `,
  (header: string) => header.split(',').reverse().join(','),
  (header: string) => `v3=00,${header},,future=a=b`,
  (header: string) => header.replace(/v2=/, `v2=${'0'.repeat(64)},v2=`),
  // A part that cannot be read, beside those that can.
  (header: string) => header.replace(/(v1|v2|sha256)=/, '$1=no hex,$1='),
  (header: string) => (header.includes('v2=') ? `v1=,sha256=no hex,${header}` : header),
  (header: string) => (header.includes('sha256=') ? `t=never,${header},t=` : header),
);

const stack = fc.record({
  maxEventAgeSeconds: fc.constantFrom(Number.POSITIVE_INFINITY, 3_600),
  hasCanary: fc.boolean(),
});

/** Requests that Zavu may send, of whatever shape: each must be taken, unless it is too large. */
export const genuine: fc.Arbitrary<Case> = fc
  .tuple(
    fc.oneof({ weight: 6, arbitrary: eventText.map((text) => Buffer.from(text)) }, oddBody),
    senderScheme,
    freeSecret,
    fresh,
    rewrite,
    fc.boolean(),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([bytes, chosen, key, at, rewritten, inBase64, marked, hasCanary]) => {
    // What begins as a text of v2's is refused under any other.
    const scheme = isTextOfV2(bytes) ? 'v2' : chosen;
    const body = marked && scheme !== 'sha256' ? Buffer.concat([Buffer.from('\ufeff'), bytes]) : bytes;
    const request = handedOver(body, inBase64);
    const seen = bytesOf(request);
    // `sha256` signs what JSON.stringify writes, however the body is spaced; the others sign the body.
    const isCompacted = scheme === 'sha256' && parseJson(seen.toString()) !== undefined;
    const header = isCompacted ? sign(seen.toString(), key, scheme, at) : signBytes(seen, scheme, key, at);
    return {
      request: withHeader(request, rewritten(header)),
      accepted: schemes,
      maxEventAgeSeconds: Number.POSITIVE_INFINITY,
      hasCanary,
    };
  });

/** Requests that were genuine until somebody changed the header, the body or both. */
export const forged: fc.Arbitrary<Case> = fc
  .tuple(
    eventText,
    senderScheme,
    fc.oneof({ weight: 6, arbitrary: secret }, unicode),
    times,
    fc.option(mutations, { nil: [] }),
    fc.option(mutations, { nil: [] }),
    fc.boolean(),
    accepted,
    stack,
  )
  .map(([text, scheme, key, at, headerMutations, bodyMutations, inBase64, counting, set]) => {
    const bytes = Buffer.from(text);
    const header = mutate(signBytes(bytes, scheme, key, at), headerMutations);
    const body = Buffer.from(mutate(bytes.toString('latin1'), bodyMutations), 'latin1');
    return { ...set, request: withHeader(handedOver(body, inBase64), header), accepted: counting };
  });

const hexish = fc.oneof(
  fc.constantFrom('0'.repeat(64), 'F'.repeat(64), '', 'a'),
  fc.string({ maxLength: 66 }),
);
const part = fc.oneof(
  fc
    .tuple(fc.constantFrom('t', 'v1', 'v2', 'sha256', 'v3', '', 'T', '__proto__'), hexish)
    .map((pair) => pair.join('=')),
  times.map((at) => `t=${at}`),
  unicode,
);
const anyHeader = fc.oneof(
  fc.constant(undefined),
  fc.array(part, { maxLength: 8 }).map((parts) => parts.join(',')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.tuple(part, fc.nat(300)).map(([text, times]) => `${text},`.repeat(times)),
);

const anyBody = fc.oneof(
  { weight: 2, arbitrary: eventText.map((text) => Buffer.from(text)) },
  { weight: 3, arbitrary: oddBody },
  fc.tuple(eventText, mutations).map(([text, by]) => Buffer.from(mutate(text, by))),
);

/** Anything at all, much of it signed: what is hostile behind the signature must be met too. */
export const hostile: fc.Arbitrary<Case> = fc
  .tuple(
    anyBody,
    fc.constantFrom('base64', 'text', 'mislabelled base64', 'mislabelled text', 'unlabelled', 'missing'),
    fc.oneof(
      { weight: 2, arbitrary: fc.record({ scheme: senderScheme, key: secret, at: times }) },
      fc.record({ header: anyHeader }),
    ),
    fc.subarray(['headers', 'requestContext'] as const),
    fc.nat(9),
    accepted,
    stack,
  )
  .map(([bytes, label, signing, fields, leaveOut, counting, set]) => {
    const unsigned = labelled(bytes, label);
    const header = 'header' in signing ? signing.header : signSeen(unsigned, signing);
    const request = withHeader(unsigned, header);
    if (leaveOut === 0) for (const field of fields) delete request[field];
    return { ...set, request, accepted: counting };
  });

function labelled(bytes: Buffer, label: string): Request {
  switch (label) {
    case 'base64':
      return handedOver(bytes, true);
    case 'mislabelled base64':
      return { ...handedOver(bytes, true), isBase64Encoded: false };
    case 'mislabelled text':
      return { ...handedOver(bytes, false), isBase64Encoded: true };
    case 'unlabelled':
      return { body: bytes.toString('utf8') };
    case 'missing':
      return { isBase64Encoded: false };
    default:
      return handedOver(bytes, false);
  }
}

function signSeen(
  request: Request,
  { scheme, key, at }: { scheme: SenderScheme; key: string; at: number },
): string {
  return signBytes(bytesOf(request), scheme, key, at);
}
