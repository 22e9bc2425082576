import type Zavudev from '@zavudev/sdk';
import type { SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { signatureSteps, type WebhookEvent } from '../../lambda/zavu/subscription.ts';
import { addEntry, entriesOfSender, parseList, removeEntry, serializeList } from '../secrets/list.ts';
import {
  checkWritable,
  defaultGraceSeconds,
  type SecretReplacement,
  storeIssued,
} from '../secrets/rotation.ts';
import type { SecretStore } from '../secrets/store.ts';
import { describeSecret } from '../secrets/table.ts';
import { interruption } from '../shared/interruption.ts';
import { askZavu } from '../shared/zavu.ts';
import { signatureToBe } from './subscription.ts';

type Webhook = Zavudev.SenderWebhook;
type Update = Zavudev.SenderUpdateParams;

interface Registration {
  zavu: Zavudev;
  store: SecretStore;
  sender: string;
  url: string;
  /** The event types to subscribe the sender to. */
  events: readonly WebhookEvent[];
  /** The schemes that the stack accepts. */
  accepted: readonly string[];
  /** The scheme to leave the sender on. @default its own */
  signature: string | undefined;
  /** Whether to bind the sender's secret to it: the secret then proves only events of this sender. */
  bind: boolean;
  /** Whether a webhook that points elsewhere may be pointed here. */
  takeOver: boolean;
  dryRun: boolean;
  /** Prints what is done, a line at a time. */
  print(line: string): void;
}

/**
 * Points a sender's webhook at a stack, and stores its signing secret there. Done again it changes nothing.
 *
 * @throws Error if the webhook points elsewhere, or if the stack would refuse what the sender sends
 */
export async function register(registration: Registration): Promise<void> {
  const { zavu, store, sender, url, bind, print } = registration;
  const { webhook } = await askZavu(sender, zavu.senders.retrieve(sender));
  if (webhook?.url && webhook.url !== url && !registration.takeOver) {
    throw new Error(
      `The webhook of ${sender} points at ${withoutQuery(webhook.url)}. To point it here, give --take-over: ` +
        'the other URL then gets no more events of this sender.',
    );
  }
  const present = webhook?.signatureVersion;
  const wanted = signatureToBe(registration.signature, present, registration.accepted);
  const update = updateOf(webhook, url, registration.events);
  const steps = present ? signatureSteps(present, wanted) : [];
  const own = entriesOfSender(parseList(await store.read(), Date.now()), sender);
  const needsSecret = !webhook || own.length === 0;
  const unbound = bind && !needsSecret ? own.filter((entry) => entry.sender !== sender) : [];

  const changes = [
    ...describeUpdate(webhook, update),
    ...(steps.length > 0 ? [`signature  ${[present, ...steps].join(' -> ')}`] : []),
    ...(needsSecret
      ? [`secret     Zavu issues a new one, stored as ${sender}${bind ? ', bound to this sender' : ''}`]
      : []),
    ...unbound.map((entry) => `secret     ${describeSecret(entry)} is bound to sender ${sender}`),
  ];
  if (changes.length === 0)
    return print(`${sender} is registered at ${withoutQuery(url)} already: nothing to change.`);
  for (const change of changes) print(change);
  if (registration.dryRun) return print('A dry run: nothing was changed.');

  const fields = { name: sender, ...(bind ? { sender } : {}) };
  const replacement: SecretReplacement = {
    store,
    sender,
    oldEntries: own,
    fields,
    graceSeconds: defaultGraceSeconds,
  };
  if (needsSecret) {
    await checkWritable(replacement);
    // Zavu shows a secret only once.
    interruption('Storing the secret that Zavu issues. Ctrl-C again ends at once, and may lose it.');
  }
  // The first step of the scheme goes with the URL, so that no event comes here with another scheme.
  const [firstStep, ...laterSteps] = steps;
  const firstUpdate = { ...update, ...(firstStep ? { webhookSignatureVersion: firstStep } : {}) };
  const updated = Object.keys(firstUpdate).length > 0 ? await apply(registration, firstUpdate) : webhook;
  const secret = updated?.secret ?? (needsSecret ? await regenerateSecret(registration) : undefined);
  if (secret) await storeIssued(secret, replacement);
  await bindEntries(store, unbound, sender);
  // How a sender signs that had no webhook is known only now.
  const stepsLeft = webhook || !updated ? laterSteps : signatureSteps(updated.signatureVersion, wanted);
  for (const step of stepsLeft) await apply(registration, { webhookSignatureVersion: step });
  print(`${sender} is registered at ${withoutQuery(url)}.`);
}

async function regenerateSecret({ zavu, sender }: Registration): Promise<string> {
  return (await askZavu(sender, zavu.senders.regenerateWebhookSecret(sender))).secret;
}

async function apply({ zavu, sender }: Registration, update: Update): Promise<Webhook | undefined> {
  return (await askZavu(sender, zavu.senders.update(sender, update))).webhook;
}

/** The fields of a webhook that are not as they should be. */
function updateOf(webhook: Webhook | undefined, url: string, wanted: readonly WebhookEvent[]): Update {
  const events = webhook?.events ?? [];
  const sameEvents = events.length === wanted.length && wanted.every((type) => events.includes(type));
  return {
    ...(webhook?.url === url ? {} : { webhookUrl: url }),
    ...(sameEvents ? {} : { webhookEvents: [...wanted] }),
    ...(webhook?.active ? {} : { webhookActive: true }),
  };
}

/** What an update changes, a line for each field. */
function describeUpdate(webhook: Webhook | undefined, update: Update): string[] {
  const lines: string[] = [];
  if (update.webhookUrl) {
    const from = webhook?.url ? `${withoutQuery(webhook.url)} -> ` : '';
    lines.push(`url        ${from}${withoutQuery(update.webhookUrl)}`);
  }
  if (update.webhookEvents) {
    const [before, after] = [webhook?.events ?? [], update.webhookEvents];
    const added = after.filter((type) => !before.includes(type)).map((type) => `+${type}`);
    const removed = before.filter((type) => !after.includes(type)).map((type) => `-${type}`);
    lines.push(`events     ${[...added, ...removed].join(' ')}`);
  }
  if (update.webhookActive) lines.push('active     no -> yes');
  return lines;
}

/** Binds entries to their sender. */
async function bindEntries(
  store: SecretStore,
  entries: readonly SigningSecret[],
  sender: string,
): Promise<void> {
  if (entries.length === 0) return;
  await store.edit((text) => {
    const list = parseList(text, Date.now());
    return serializeList(
      entries.reduce((edited, entry) => addEntry(removeEntry(edited, entry), { ...entry, sender }), list),
    );
  });
}

/** A URL as it may be shown: its query may hold a token. */
function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return 'a text that is no URL';
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
