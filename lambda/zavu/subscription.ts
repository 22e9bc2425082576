import { isIP } from 'node:net';
import type Zavudev from '@zavudev/sdk';
import type { SignatureVersion } from './sign.ts';

/** What Zavu's API lets a sender's webhook be: its event types, its URL, and the steps of its signature's scheme. */

export type WebhookEvent = Zavudev.WebhookEvent;

/** The event types that a sender's webhook can be subscribed to. The compiler compares them with Zavu's client. */
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

/** Whether Zavu's API subscribes a sender to an event type. */
export function isSubscribable(type: string): type is WebhookEvent {
  return Object.hasOwn(subscribable, type);
}

/** The types that a webhook is subscribed to: those that a worker handles, as far as Zavu's API allows. */
export function webhookEvents({ types }: { types: readonly string[] }): readonly WebhookEvent[] {
  return types.filter(isSubscribable);
}

/** Whether a stack accepts what a sender with this setting sends. If it signs with two schemes, one of them is enough. */
export function isAccepted(version: SignatureVersion, accepted: readonly string[]): boolean {
  return version.split('+').some((scheme) => accepted.includes(scheme));
}

/** Whether Zavu delivers to a URL: a public one of https. */
export function isDeliverable(url: URL): boolean {
  const isPublic =
    url.hostname.includes('.') &&
    isIP(url.hostname) === 0 &&
    !/\.(local|localhost|internal)$/.test(url.hostname);
  return url.protocol === 'https:' && isPublic;
}

/** The steps from one scheme to another. Zavu refuses the step from `v1` to `v2`. */
export function signatureSteps(from: SignatureVersion, to: SignatureVersion): readonly SignatureVersion[] {
  if (from === to) return [];
  return from === 'v1' && to === 'v2' ? ['v1+v2', 'v2'] : [to];
}
