import { type Scheme, schemes } from '../../lambda/zavu/signature.ts';
import { parseSecrets } from '../../lambda/zavu/signing-secret.ts';

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
