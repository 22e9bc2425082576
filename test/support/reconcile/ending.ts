import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ZavuProject } from '../../../lambda/reconcile/api/zavu-project.ts';

/** The process of a run has ended: it does nothing more. */
export class Ended extends Error {}

/** At which of its calls a run ends. */
export interface End {
  /** Counted from 1. */
  call: number;
  /** Whether the call is done, and only its answer lost. */
  isDone: boolean;
}

/** The calls of a run, whatever they call. At one of them its process ends. */
export class CountedCalls {
  count = 0;
  readonly #end: End | undefined;
  #hasEnded = false;

  constructor(end?: End) {
    this.#end = end;
  }

  /** Makes a call, unless the run has ended. */
  async make<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.#assertAlive();
    const isLast = ++this.count === this.#end?.call;
    if (isLast && !this.#end?.isDone) this.#hasEnded = true;
    this.#assertAlive();
    if (isLast) this.#hasEnded = true;
    const answer = await call();
    // Also of a call beside the last one.
    this.#assertAlive();
    return answer;
  }

  /** The calls of Zavu's API. */
  ofProject(project: ZavuProject): ZavuProject {
    return new Proxy(project, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.make(() => Reflect.apply(value, target, args));
      },
    });
  }

  /** The calls of a client of DynamoDB. */
  ofTable(client: DynamoDBClient): DynamoDBClient {
    client.middlewareStack.add((next) => (args) => this.make(() => next(args)), { step: 'initialize' });
    return client;
  }

  #assertAlive(): void {
    if (this.#hasEnded) throw new Ended();
  }
}
