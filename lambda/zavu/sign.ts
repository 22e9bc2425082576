import { createHmac } from 'node:crypto';
import { parseSecrets } from './signing-secret.ts';

/** What Zavu's API can set a sender to: one scheme, or two while it migrates. */
export const signatureVersions = ['v1', 'v1+v2', 'v2'] as const;
export type SignatureVersion = (typeof signatureVersions)[number];

/** What a sender may sign with: `sha256` is of the oldest ones, which the API does not set. */
export const senderSchemes = ['sha256', 'v1', 'v2', 'v1+v2'] as const satisfies readonly (
  | 'sha256'
  | SignatureVersion
)[];
export type SenderScheme = (typeof senderSchemes)[number];

/**
 * Signs a body as Zavu does.
 *
 * @param body the text that will be posted
 * @param secret used verbatim, its prefix included
 * @param scheme the sender's scheme
 * @param timestamp seconds since the epoch
 * @returns the value of `X-Zavu-Signature`
 */
export function sign(body: string, secret: string, scheme: SenderScheme, timestamp: number): string {
  const mac = (input: string) => createHmac('sha256', secret).update(input).digest('hex');
  const v1 = `v1=${mac(body)}`;
  const v2 = `v2=${mac(`${timestamp}.${body}`)}`;
  switch (scheme) {
    case 'sha256':
      // Zavu's webhook guide signs the payload as JSON.stringify writes it, whatever the spacing of the body.
      return `sha256=${mac(JSON.stringify(JSON.parse(body)))}`;
    case 'v1':
      return `t=${timestamp},${v1}`;
    case 'v2':
      return `t=${timestamp},${v2}`;
    case 'v1+v2':
      return `t=${timestamp},${v1},${v2}`;
  }
}

/**
 * The secret to sign with, from a text that may hold several: one that proves any event, if there is one.
 *
 * @throws MalformedSecret as the receiver would
 */
export function secretToSignWith(text: string): string {
  const list = parseSecrets(text);
  const free = list.find(({ sender, project, expiresAt }) => !sender && !project && !expiresAt);
  return (free ?? list[0])?.secret ?? '';
}
