/** In what a worker differs from the others. What is left out is as the settings say for all of them. */
export interface WorkerOptions {
  /**
   * Path of an entry of your own, which exports `handler = createWorker(handlers)`: for handlers that live in
   * another package.
   *
   * @default - the worker runs its handlers of the table
   */
  entry?: string;
  /**
   * Variables of your handlers' own.
   *
   * @default {}
   */
  environment?: Readonly<Record<string, string>>;
  /**
   * Memory of the function, in MB.
   *
   * @default - the setting `workerMemoryMb`
   */
  memoryMb?: number;
  /**
   * How long a batch may take, in seconds. Visibility timeout and alarms follow from it.
   *
   * @default - the setting `workerTimeoutSeconds`
   */
  timeoutSeconds?: number;
  /**
   * Invocations at once, 2 or more.
   *
   * @default - the setting `workerMaxConcurrency`
   */
  maxConcurrency?: number;
}
