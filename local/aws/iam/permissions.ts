import type { Reporter } from '../../report/reporter.ts';
import type { ServiceCalls } from '../service-calls/service-calls.ts';
import type { Call } from './call.ts';
import type { Decision, Iam } from './iam.ts';

/** The permissions of a deployment at work: every decision is reported, once. */
export class Permissions {
  readonly #iam: Iam;
  readonly #reporter: Reporter;
  readonly #reported = new Set<string>();
  /** By call: a deployment's policies do not change, and the same few calls come again and again. */
  readonly #decisions = new Map<string, Decision>();

  constructor(iam: Iam, reporter: Reporter) {
    this.#iam = iam;
    this.#reporter = reporter;
  }

  /** Why a call is denied, or undefined if it is allowed. */
  denial(call: Call): string | undefined {
    // Each item has its own: there would be no end of them.
    if (call.context?.['dynamodb:LeadingKeys'] !== undefined) return this.#decide(call);
    const key = JSON.stringify(call);
    const known = this.#decisions.get(key);
    if (known) return known.allowed ? undefined : known.reason;
    return this.#decide(call, key);
  }

  /** Decides, reports what is new and, if the same call will come again, remembers the decision by a key. */
  #decide(call: Call, key?: string): string | undefined {
    const decision = this.#iam.decide(call);
    if (key !== undefined) this.#decisions.set(key, decision);
    const news = JSON.stringify(decision);
    if (!this.#reported.has(news)) {
      this.#reported.add(news);
      if (decision.allowed) this.#reporter.granted(decision.grant);
      else this.#reporter.denied(decision.reason);
    }
    return decision.allowed ? undefined : decision.reason;
  }

  /**
   * Demands what the services of a deployment need of each other, and reports what the template does not decide.
   *
   * @param guests logical ids of resources that may be denied: that is reported, and stops nothing
   * @throws Error naming what AWS would refuse to deploy, and what it would deploy and then do nothing with
   */
  demand({ calls, undecided }: ServiceCalls, guests: ReadonlySet<string> = new Set()): void {
    for (const question of undecided) this.#reporter.unchecked(question);
    const faults = new Map<string, string[]>();
    for (const { from, call, consequence } of calls) {
      const reason = this.denial(call);
      if (!reason) continue;
      if (guests.has(from)) {
        this.#reporter.unchecked(`Whether ${from} works on AWS, where ${reason}`);
        continue;
      }
      const fault = consequence ? `would ${consequence} on AWS: ${reason}.` : `${refused} ${reason}.`;
      faults.set(fault, [...(faults.get(fault) ?? []), from]);
    }
    if (faults.size === 0) return;
    const sentences = [...faults].map(([fault, [first, ...others]]) => {
      if (fault.startsWith(refused)) return fault;
      return `${first}${others.length > 0 ? ` (and ${others.length} more)` : ''} ${fault}`;
    });
    throw new Error(sentences.join('\n'));
  }
}

const refused = 'AWS would refuse to deploy this:';
