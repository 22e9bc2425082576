import type { AlarmEvent } from '../aws/cloudwatch/alarm-event.ts';
import type { BusEntry } from '../aws/event-bridge/event-bus.ts';
import type { Grant } from '../aws/iam/iam.ts';
import type { LogLine } from '../aws/logs/log-groups.ts';
import type { AttemptFailure } from '../failures/failure.ts';
import type { Interruption } from '../failures/interruption.ts';
import type { Place } from '../failures/source-places.ts';
import type { LocalService } from '../state.ts';

/** What is deployed, and where. */
export interface DeployedStack {
  outputs: Readonly<Record<string, string>>;
  endpoints: Record<LocalService, string>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
  queues: Record<string, string>;
  tables: string[];
  /** What the template's policies allow. */
  grants: Grant[];
  /** Other stacks of the app, and other constructs of the stack, that are not deployed here. */
  notRun: readonly string[];
  /** What of the stack is not emulated, in words. */
  notEmulated: readonly string[];
  /** What the app imports from elsewhere and is not here, in words. */
  imported: readonly string[];
  /** The environment variables that give the user's own secrets their texts. */
  secretVariables: readonly string[];
  /** The variables of .env.local that functions have in place of the template's. */
  setVariables: readonly string[];
  /** Those that nothing reads, each with the reason. */
  unusedVariables: readonly string[];
  workers: { name: string; batchSize: number; maximumConcurrency: number; timeoutSeconds: number }[];
}

/** A function whose process holds more memory than the function has. */
export interface MemoryExcess {
  function: string;
  /** The worker's name; undefined of a function that is none. */
  worker: string | undefined;
  usedMb: number;
  memoryMb: number;
}

/** Code that prints by itself: on AWS, CloudWatch would keep all of it. */
export interface PrintingPlace {
  function: string;
  /** The worker's name; undefined of a function that is none. */
  worker: string | undefined;
  /** The method of `console`. */
  method: string;
  place: Place;
}

/** Tells what happens in the local run. */
export interface Reporter {
  /**
   * The stack takes requests.
   *
   * @param secret as it may be shown
   * @param stateFile has the whole secret, for commands and scripts
   */
  ready(url: string, secret: string, deployment: DeployedStack, stateFile: string): void;
  /** A function was given a process of its own. */
  started(functionName: string, pid: number | undefined): void;
  /** A line reached a log group. */
  logged(line: LogLine): void;
  /** An invocation gave no result: its function died, or was killed at its timeout. */
  failed(functionName: string, worker: string | undefined, interruption: Interruption): void;
  /** An attempt failed: what was thrown, and where. The worker's own line about the event comes before or after it. */
  attemptFailed(failure: AttemptFailure): void;
  /** Code of the user has printed. It is told at each of its places by each process. */
  printed(place: PrintingPlace): void;
  /** An execution environment holds more memory than its function has: AWS would kill it. */
  memoryExceeded(excess: MemoryExcess): void;
  /** A function was not invoked, because the account has no concurrency left. */
  throttled(functionName: string, worker: string | undefined): void;
  /** The event bus took an event. */
  published(entry: BusEntry): void;
  /**
   * A topic took a message of a function.
   *
   * @param readers endpoints of the subscriptions that get it. The queues among them have it now, and the rest would get
   * it on AWS
   * @param reason why some do not get it; undefined if all do
   */
  notified(topicArn: string, readers: readonly string[], reason: string | undefined): void;
  /** A grant was used for the first time. */
  granted(grant: Grant): void;
  /** A call was denied, because no policy allows it or one denies it. */
  denied(reason: string): void;
  /** A call was refused, because its service or what it names is not here: a sentence that says what to do. */
  refused(sentence: string): void;
  /** Something that AWS will check, and that the template does not decide: a sentence without its full stop. */
  unchecked(what: string): void;
  /** An alarm fires, or clears. */
  alarm(event: AlarmEvent): void;
}
