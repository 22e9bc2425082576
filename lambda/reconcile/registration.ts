import type Zavudev from '@zavudev/sdk';
import type { Routes } from '../routing/routes.ts';
import { isAccepted, webhookEvents } from '../zavu/subscription.ts';
import type { Reconciler } from './run.ts';

/** What the webhooks of senders should be. */
interface Expected {
  /** The URL of this deployment. */
  url: string;
  /** The schemes that it accepts. */
  accepted: readonly string[];
  /** Which worker handles which event type. */
  routes: Pick<Routes, 'types'>;
}

/** Why events of a sender do not come here, or are refused. */
export type RegistrationProblem =
  /** Its webhook has another URL, or it has none. */
  | 'points_elsewhere'
  /** Its webhook is switched off. */
  | 'inactive'
  /** It is not subscribed to every event type that a worker handles. */
  | 'events_missing'
  /** It signs with a scheme that the deployment does not accept. */
  | 'scheme_not_accepted';

/** Compares the webhook of a sender that belongs here with what it should be. */
export function registrationProblems(
  webhook: Zavudev.SenderWebhook | undefined,
  { url, accepted, routes }: Expected,
): RegistrationProblem[] {
  if (webhook?.url !== url) return ['points_elsewhere'];
  // A type promises more than is checked: Zavu's answer may lack it.
  const events: unknown = webhook.events;
  const isSubscribed = Array.isArray(events) && webhookEvents(routes).every((type) => events.includes(type));
  const isSigned = typeof webhook.signatureVersion === 'string';
  return [
    ...(webhook.active ? [] : ['inactive' as const]),
    ...(isSubscribed ? [] : ['events_missing' as const]),
    ...(isSigned && isAccepted(webhook.signatureVersion, accepted) ? [] : ['scheme_not_accepted' as const]),
  ];
}

/** A sender whose webhook belongs to a deployment, and what is wrong with it. */
export interface CheckedSender {
  id: string;
  problems: readonly RegistrationProblem[];
}

/** What tells the senders of a project, and remembers which of them belong to a deployment. */
interface Senders {
  project: Pick<Reconciler['project'], 'identity' | 'senders'>;
  progress: Pick<Reconciler['progress'], 'senders' | 'rememberSender' | 'forgetSender'>;
}

/**
 * Compares the webhooks of a project's senders with a deployment. A sender belongs to it from when its webhook was first
 * seen to point at it. One that no longer exists in Zavu is forgotten, unless Zavu shows none at all.
 *
 * @returns the senders that belong to it
 */
export async function checkSenders(
  { project, progress }: Senders,
  expected: Expected,
): Promise<CheckedSender[]> {
  const { projectId } = await project.identity();
  const known = new Set(await progress.senders(projectId));
  const checked: CheckedSender[] = [];
  let cursor: string | undefined;
  let hasSenders = false;
  do {
    const { items, nextCursor } = await project.senders(cursor);
    hasSenders ||= items.length > 0;
    for (const { id, webhook } of items) {
      if (webhook?.url === expected.url && !known.has(id)) {
        await progress.rememberSender(projectId, id);
        known.add(id);
      }
      if (known.delete(id)) checked.push({ id, problems: registrationProblems(webhook, expected) });
    }
    cursor = nextCursor;
  } while (cursor !== undefined);
  // A list of none is no proof that all of them are gone.
  if (hasSenders) for (const gone of known) await progress.forgetSender(projectId, gone);
  return checked;
}

/** Logs a line for each problem of a sender's webhook, which an alarm counts. */
export async function checkRegistrations(
  reconciler: Senders & Pick<Reconciler, 'routes' | 'log'>,
  expected: Omit<Expected, 'routes'>,
): Promise<void> {
  const checked = await checkSenders(reconciler, { ...expected, routes: reconciler.routes });
  for (const { id, problems } of checked) {
    for (const reason of problems) reconciler.log.error('registration_differs', { senderId: id, reason });
  }
  reconciler.log.info('registrations_checked', { looked: checked.length });
}
