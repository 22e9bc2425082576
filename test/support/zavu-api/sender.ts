import type Zavudev from '@zavudev/sdk';
import { type Answer, given, refused } from './answer.ts';

export type Webhook = Omit<Zavudev.SenderWebhook, 'secret'>;

/** A sender as Zavu keeps it. */
export interface StandInSender {
  webhook?: Webhook;
  /** The one signing secret that counts. */
  secret: string;
}

interface SenderRequest {
  method: string;
  /** What stands after the sender's id. */
  path: string;
  body: Zavudev.SenderUpdateParams;
}

interface SenderEvents {
  /** A new signing secret. */
  issue(): string;
  /** The secret was regenerated, and that is not answered yet. */
  onRegenerated(): void | Promise<void>;
}

export const shownSender = (id: string, { webhook }: StandInSender): Zavudev.Sender => ({
  id,
  name: id,
  phoneNumber: '+56912345678',
  ...(webhook ? { webhook } : {}),
});

/** Answers a request about one sender. */
export async function senderAnswer(
  id: string,
  sender: StandInSender,
  { method, path, body }: SenderRequest,
  events: SenderEvents,
): Promise<Answer> {
  switch (`${method} ${path}`.trim()) {
    case 'GET':
      return given(shownSender(id, sender));
    case 'PATCH': {
      const { signatureVersion: from } = sender.webhook ?? {};
      if (from === 'v1' && body.webhookSignatureVersion === 'v2') return refused(400, 'Set v1+v2 first');
      const created = !sender.webhook;
      sender.webhook = updated(sender.webhook, body);
      if (!created) return given(shownSender(id, sender));
      sender.secret = events.issue();
      const { webhook, secret } = sender;
      return given({ ...shownSender(id, sender), webhook: { ...webhook, secret } });
    }
    case 'POST /webhook/secret': {
      sender.secret = events.issue();
      const { secret } = sender;
      await events.onRegenerated();
      return given({ secret });
    }
    default:
      return refused(404, 'Not found');
  }
}

/** A webhook with what an update says; `v2`, subscribed to nothing, where there was none. */
function updated(webhook: Webhook | undefined, update: Zavudev.SenderUpdateParams): Webhook {
  return {
    url: update.webhookUrl ?? webhook?.url ?? '',
    events: update.webhookEvents ?? webhook?.events ?? [],
    active: update.webhookActive ?? webhook?.active ?? true,
    signatureVersion: update.webhookSignatureVersion ?? webhook?.signatureVersion ?? 'v2',
  };
}
