import { isIP } from 'node:net';
import type Zavudev from '@zavudev/sdk';
import { routes } from '../../lambda/routing/routes.ts';
import { signatureVersions as versions } from '../../lambda/zavu/sign.ts';
import { isLoopback } from '../shared/zavu.ts';

export type WebhookEvent = Zavudev.WebhookEvent;
export type SignatureVersion = Zavudev.SenderWebhook['signatureVersion'];

/** The event types that a sender's webhook can be subscribed to. The compiler holds it against Zavu's client. */
const subscribable: Readonly<Record<WebhookEvent, true>> = {
  'message.queued': true,
  'message.sent': true,
  'message.delivered': true,
  'message.read': true,
  'message.status': true,
  'message.failed': true,
  'message.inbound': true,
  'message.unsupported': true,
  'broadcast.status_changed': true,
  'conversation.new': true,
  'template.status_changed': true,
  'invitation.status_changed': true,
  'call.initiated': true,
  'call.answered': true,
  'call.completed': true,
  'call.failed': true,
  'domain.verified': true,
  'domain.failed': true,
};

const isSubscribable = (type: string): type is WebhookEvent => Object.hasOwn(subscribable, type);

/** What a webhook is subscribed to: all that the routing table handles, and Zavu lets one subscribe to. */
export const webhookEvents: readonly WebhookEvent[] = Object.keys(routes).filter(isSubscribable);

/** What the routing table handles although no webhook can be subscribed to it: earlier generations' types. */
export const otherEvents: readonly string[] = Object.keys(routes).filter((type) => !isSubscribable(type));

/** The schemes that a sender may be set to. */
export const signatureVersions: readonly SignatureVersion[] = versions;

/**
 * The URL to register.
 *
 * @param deployed the stack's own
 * @param given another that leads there, such as a tunnel's; the stack's path is added where it has none
 * @param api where Zavu's API is. A stand-in on this machine delivers to this machine
 * @throws Error where Zavu would not deliver to it
 */
export function webhookUrl(deployed: string, given: string | undefined, api: string): string {
  if (given !== undefined && !URL.canParse(given)) throw new Error(`--url ${given} is no URL.`);
  const url = new URL(given ?? deployed);
  if (given !== undefined && url.pathname === '/') url.pathname = new URL(deployed).pathname;
  if (isLoopback(api) && url.protocol === 'http:' && isLoopback(url.href)) return url.href;
  const isPublic =
    url.hostname.includes('.') &&
    isIP(url.hostname) === 0 &&
    !/\.(local|localhost|internal)$/.test(url.hostname);
  if (url.protocol !== 'https:' || !isPublic) {
    throw new Error(
      `Zavu delivers to public https URLs only, and ${url.origin} is none. For the local stack open a tunnel ` +
        '(`cloudflared tunnel --url http://127.0.0.1:3000`), and give its URL: --url https://…',
    );
  }
  return url.href;
}

/** Whether a stack that takes some schemes takes what a sender so set sends: of two schemes, one is enough. */
export function isAccepted(version: SignatureVersion, accepted: readonly string[]): boolean {
  return version.split('+').some((scheme) => accepted.includes(scheme));
}

/**
 * Which scheme a sender is to be left on.
 *
 * @param asked by whom registers
 * @param present undefined where the sender has no webhook yet
 * @param accepted by the stack
 * @throws Error where the stack would refuse every event
 */
export function signatureToBe(
  asked: string | undefined,
  present: SignatureVersion | undefined,
  accepted: readonly string[],
): SignatureVersion {
  const version = signatureVersions.find((known) => known === (asked ?? present ?? preferred(accepted)));
  if (!version) throw new Error(`--signature must be one of ${signatureVersions.join(', ')}.`);
  if (isAccepted(version, accepted)) return version;
  throw new Error(
    `The sender would sign with ${version}, and the stack accepts ${accepted.join(', ')} alone. ` +
      'Give --signature with a scheme that it accepts, or deploy with another `acceptedSignatures`.',
  );
}

function preferred(accepted: readonly string[]): SignatureVersion {
  return accepted.includes('v2') ? 'v2' : 'v1';
}

/** The steps from one scheme to another. Zavu refuses to move from `v1` to `v2` at once. */
export function signatureSteps(from: SignatureVersion, to: SignatureVersion): readonly SignatureVersion[] {
  if (from === to) return [];
  return from === 'v1' && to === 'v2' ? ['v1+v2', 'v2'] : [to];
}
