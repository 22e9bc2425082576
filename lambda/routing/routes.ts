/** Which worker handles which event type, as the receiver and the commands know it. */
export class Routes {
  /** Every worker, in the table's order, and then those that get no new events. */
  readonly workers: readonly string[];
  readonly #typesOf: ReadonlyMap<string, readonly string[]>;
  // A Map, because an event type may be called `constructor` or `__proto__`.
  readonly #workerFor: ReadonlyMap<string, string>;

  /** @param typesByWorker the event types of each worker: none if it gets no new events */
  constructor(typesByWorker: Iterable<readonly [worker: string, types: readonly string[]]>) {
    this.#typesOf = new Map(typesByWorker);
    this.workers = [...this.#typesOf.keys()];
    this.#workerFor = new Map(
      [...this.#typesOf].flatMap(([worker, types]) => types.map((type) => [type, worker] as const)),
    );
  }

  /**
   * Reads routes as a function's variable and a stack's output carry them.
   *
   * @throws Error if the text is in no such form
   */
  static parse(text: string): Routes {
    const parts = text.split(';').map((part) => {
      const [, worker, types] = /^([a-z][a-z0-9]*)=([\w.,-]*)$/.exec(part) ?? [];
      if (worker === undefined || types === undefined) {
        throw new Error(
          'Routes must have the form worker=type,type;worker=type. Deploy again: `npx cdk deploy`.',
        );
      }
      return [worker, types === '' ? [] : types.split(',')] as const;
    });
    return new Routes(parts);
  }

  /** The worker for an event type; undefined for a type that no worker handles. */
  workerFor(type: string): string | undefined {
    return this.#workerFor.get(type);
  }

  /** The event types that are routed to a worker, in the table's order. */
  typesOf(worker: string): readonly string[] {
    return this.#typesOf.get(worker) ?? [];
  }

  /** Every event type that a worker handles. */
  get types(): readonly string[] {
    return [...this.#workerFor.keys()];
  }

  /** The workers that get new events. */
  get receivingWorkers(): readonly string[] {
    return this.workers.filter((worker) => this.typesOf(worker).length > 0);
  }

  /** As {@link Routes.parse} reads it: `inbound=message.inbound,message.status;delivery=message.sent`. */
  toString(): string {
    return [...this.#typesOf].map(([worker, types]) => `${worker}=${types.join(',')}`).join(';');
  }
}
