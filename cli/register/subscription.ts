import type { Routes } from '../../lambda/routing/routes.ts';
import { isLoopback } from '../../lambda/shared/zavu-client.ts';
import { type SignatureVersion, signatureVersions } from '../../lambda/zavu/sign.ts';
import { isAccepted, isDeliverable, isSubscribable } from '../../lambda/zavu/subscription.ts';
import { UsageError } from '../shared/command.ts';

/** The types that a worker handles and no webhook can be subscribed to by Zavu's API: those of earlier generations. */
export function otherEvents({ types }: Routes): readonly string[] {
  return types.filter((type) => !isSubscribable(type));
}

/**
 * The URL to register.
 *
 * @param deployed the stack's own URL
 * @param given another URL that leads to the stack, such as a tunnel's. If it has no path, the stack's path is added; a slash after
 * the stack's path is left out
 * @param api URL of Zavu's API. A stand-in on this machine delivers to this machine
 * @throws UsageError if Zavu would not deliver to the URL
 */
export function webhookUrl(deployed: string, given: string | undefined, api: string): string {
  if (given !== undefined && !URL.canParse(given)) throw new UsageError(`--url ${given} is no URL.`);
  const url = new URL(given ?? deployed);
  const { pathname } = new URL(deployed);
  // API Gateway has no route with a slash at its end, and answers 404.
  if (given !== undefined && ['/', `${pathname}/`].includes(url.pathname)) url.pathname = pathname;
  if (isLoopback(api) && url.protocol === 'http:' && isLoopback(url.href)) return url.href;
  if (!isDeliverable(url)) {
    throw new UsageError(
      `Zavu delivers only to public https URLs, and ${url.origin} is not public. For the local run, open a tunnel ` +
        '(`cloudflared tunnel --url http://127.0.0.1:3000`), and give its URL: --url https://…',
    );
  }
  return url.href;
}

/**
 * The scheme to leave a sender on: the one that is asked for, or its own.
 *
 * @param asked the value of `--signature`
 * @param present the sender's own scheme; undefined if it has no webhook yet
 * @param accepted the schemes that the stack accepts
 * @throws UsageError if there is no such scheme; Error if the stack would refuse every event
 */
export function signatureToBe(
  asked: string | undefined,
  present: SignatureVersion | undefined,
  accepted: readonly string[],
): SignatureVersion {
  const version = signatureVersions.find((known) => known === (asked ?? present ?? preferred(accepted)));
  if (!version) throw new UsageError(`--signature must be one of ${signatureVersions.join(', ')}.`);
  if (isAccepted(version, accepted)) return version;
  throw new Error(
    `The sender would sign with ${version}, and the stack accepts only ${accepted.join(', ')}. ` +
      'Give --signature with a scheme that it accepts, or deploy with another `acceptedSignatures`.',
  );
}

function preferred(accepted: readonly string[]): SignatureVersion {
  return accepted.includes('v2') ? 'v2' : 'v1';
}
