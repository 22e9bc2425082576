import { setTimeout as sleep } from 'node:timers/promises';
import { type Scheme, schemes } from '../../lambda/zavu/signature.ts';
import { parseSecrets } from '../../lambda/zavu/signing-secret.ts';
import { exchange } from '../../testing/conformance/raw-http.ts';

/** A deployment that the conformance suite judges by its answers alone. */
interface DeployedTarget {
  url: string;
  secrets: readonly string[];
  accepted: readonly Scheme[];
}

/**
 * The deployed stack that the environment names.
 *
 * @returns undefined if it names none: then a local run is judged
 * @throws Error if its secret is missing or bound to a sender or project, or if a scheme is unknown
 */
function deployedTarget(env = process.env): DeployedTarget | undefined {
  const { ZAVU_WEBHOOK_URL: url, ZAVU_WEBHOOK_SECRET: secret, ZAVU_ACCEPTED_SIGNATURES: list } = env;
  if (!url) return undefined;
  if (!secret) throw new Error('Set ZAVU_WEBHOOK_SECRET to the signing secret of ZAVU_WEBHOOK_URL.');
  const names = list?.split(',') ?? schemes;
  const accepted = schemes.filter((scheme) => names.includes(scheme));
  if (accepted.length === 0 || accepted.length < names.length) {
    throw new Error(`ZAVU_ACCEPTED_SIGNATURES must be a list of ${schemes.join(', ')}.`);
  }
  // The suite's events name a project of their own.
  const secrets = parseSecrets(secret).flatMap((entry) =>
    entry.sender || entry.project ? [] : [entry.secret],
  );
  if (secrets.length === 0) throw new Error('ZAVU_WEBHOOK_SECRET must hold a secret that is not bound.');
  return { url, secrets, accepted };
}

/** The target of this run, if the environment names one. */
export const deployed = deployedTarget();

/**
 * How far the clock of a server is ahead of ours, in milliseconds.
 *
 * A `Date` header has whole seconds. Each answer says that the server's clock was within that second at some
 * moment between sending and receiving; several of them, spread over a second, leave little more than the
 * time that one answer takes.
 */
export async function clockAhead(url: string): Promise<number> {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let probe = 0; probe < 10; probe++) {
    const sentAt = Date.now();
    const { headers } = await exchange(url, { method: 'GET' });
    const second = Date.parse(headers.date ?? '');
    if (Number.isNaN(second)) throw new Error(`${url} answers without a Date: its clock cannot be known.`);
    least = Math.max(least, second - Date.now());
    most = Math.min(most, second + 1000 - sentAt);
    await sleep(110);
  }
  return (least + most) / 2;
}
