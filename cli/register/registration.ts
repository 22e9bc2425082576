import type Zavudev from '@zavudev/sdk';
import type { SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { added, ofSender, printList, readList, removed } from '../secrets/list.ts';
import { defaultGraceSeconds, type Issue, proveWritable, storeIssued } from '../secrets/rotation.ts';
import type { SecretStore } from '../secrets/store.ts';
import { titleOf } from '../secrets/table.ts';
import { ask } from '../shared/zavu.ts';
import { signatureSteps, signatureToBe, webhookEvents } from './subscription.ts';

type Webhook = Zavudev.SenderWebhook;
type Update = Zavudev.SenderUpdateParams;

export interface Registration {
  zavu: Zavudev;
  store: SecretStore;
  sender: string;
  url: string;
  /** The schemes that the stack accepts. */
  accepted: readonly string[];
  /** The scheme to leave the sender on; undefined keeps its own. */
  signature: string | undefined;
  /** Whether its secret is to prove its events alone. */
  bind: boolean;
  /** Whether a webhook that points elsewhere may be turned here. */
  takeOver: boolean;
  dryRun: boolean;
  /** Told what is done, a line at a time. */
  say(line: string): void;
}

/**
 * Points a sender of Zavu's at a stack, and stores its signing secret there. Done again it changes nothing.
 *
 * @throws Error where the sender belongs elsewhere, or the stack would refuse what it sends
 */
export async function register(registration: Registration): Promise<void> {
  const { zavu, store, sender, url, bind, say } = registration;
  const { webhook } = await ask(sender, zavu.senders.retrieve(sender));
  if (webhook?.url && webhook.url !== url && !registration.takeOver) {
    throw new Error(
      `The webhook of ${sender} points at ${withoutQuery(webhook.url)}. To turn it here: --take-over. ` +
        'What listens there gets no more events of this sender.',
    );
  }
  const present = webhook?.signatureVersion;
  const wanted = signatureToBe(registration.signature, present, registration.accepted);
  const update = updateOf(webhook, url);
  const steps = present ? signatureSteps(present, wanted) : [];
  const own = ofSender(readList(await store.read(), Date.now()), sender);
  const needsSecret = !webhook || own.length === 0;
  const unbound = bind && !needsSecret ? own.filter((entry) => entry.sender !== sender) : [];

  const changes = [
    ...linesOf(webhook, update),
    ...(steps.length > 0 ? [`signature  ${[present, ...steps].join(' -> ')}`] : []),
    ...(needsSecret ? [`secret     a new one of Zavu's, stored as ${titleOfNew(sender, bind)}`] : []),
    ...unbound.map((entry) => `secret     ${titleOf(entry)} is bound to ${sender}`),
  ];
  if (changes.length === 0)
    return say(`${sender} is registered at ${withoutQuery(url)} already: nothing to change.`);
  for (const change of changes) say(change);
  if (registration.dryRun) return say('A dry run: nothing was changed.');

  const as = { name: sender, ...(bind ? { sender } : {}) };
  const issue: Issue = { store, sender, old: own, as, graceSeconds: defaultGraceSeconds };
  // Zavu shows the secret once.
  if (needsSecret) await proveWritable(issue);
  // The first step of the scheme with the URL, so that no event comes here that is signed otherwise.
  const [first, ...later] = steps;
  const whole = { ...update, ...(first ? { webhookSignatureVersion: first } : {}) };
  const turned = Object.keys(whole).length > 0 ? await apply(registration, whole) : webhook;
  const secret = turned?.secret ?? (needsSecret ? await regenerated(registration) : undefined);
  if (secret) await storeIssued(secret, issue);
  await bindAll(store, unbound, sender);
  // Only now is it known how a sender signs that had no webhook.
  const left = webhook || !turned ? later : signatureSteps(turned.signatureVersion, wanted);
  for (const step of left) await apply(registration, { webhookSignatureVersion: step });
  say(`${sender} is registered at ${withoutQuery(url)}.`);
}

async function regenerated({ zavu, sender }: Registration): Promise<string> {
  return (await ask(sender, zavu.senders.regenerateWebhookSecret(sender))).secret;
}

async function apply({ zavu, sender }: Registration, update: Update): Promise<Webhook | undefined> {
  return (await ask(sender, zavu.senders.update(sender, update))).webhook;
}

/** What of a webhook is not as it should be. */
function updateOf(webhook: Webhook | undefined, url: string): Update {
  const events = webhook?.events ?? [];
  const sameEvents =
    events.length === webhookEvents.length && webhookEvents.every((type) => events.includes(type));
  return {
    ...(webhook?.url === url ? {} : { webhookUrl: url }),
    ...(sameEvents ? {} : { webhookEvents: [...webhookEvents] }),
    ...(webhook?.active ? {} : { webhookActive: true }),
  };
}

function linesOf(webhook: Webhook | undefined, update: Update): string[] {
  const lines: string[] = [];
  if (update.webhookUrl) {
    const from = webhook?.url ? `${withoutQuery(webhook.url)} -> ` : '';
    lines.push(`url        ${from}${withoutQuery(update.webhookUrl)}`);
  }
  if (update.webhookEvents) {
    const [before, after] = [webhook?.events ?? [], update.webhookEvents];
    const more = after.filter((type) => !before.includes(type)).map((type) => `+${type}`);
    const fewer = before.filter((type) => !after.includes(type)).map((type) => `-${type}`);
    lines.push(`events     ${[...more, ...fewer].join(' ')}`);
  }
  if (update.webhookActive) lines.push('active     no -> yes');
  return lines;
}

/** Binds secrets to their sender. */
async function bindAll(store: SecretStore, entries: readonly SigningSecret[], sender: string): Promise<void> {
  if (entries.length === 0) return;
  await store.edit((text) => {
    const list = readList(text, Date.now());
    return printList(
      entries.reduce((edited, entry) => added(removed(edited, entry), { ...entry, sender }), list),
    );
  });
}

function titleOfNew(sender: string, bind: boolean): string {
  return bind ? `${sender}, bound to it` : sender;
}

/** A URL as it may be shown: a query may hold somebody's token. */
function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return 'something that is no URL';
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
