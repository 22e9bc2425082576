import type { LocalService, LocalState } from '../local/state.ts';

/** A line of `npx zavu-webhooks start --json`. */
export interface ReportLine {
  event: string;
  timestamp?: string;
  id?: string;
  /** API Gateway's id of the request, in the lines of the receiver. */
  requestId?: string;
  type?: string;
  detail?: string;
  worker?: string;
  reason?: string;
  error?: string;
  attempt?: number;
  status?: number;
  ms?: number;
  function?: string;
  line?: string;
  pid?: number;
  /** What was thrown, and where: lines of `error`. */
  message?: string;
  place?: { file: string; line: number; column: number; code: readonly string[] };
  /** The events that a failed invocation had not finished. */
  events?: readonly { id: string; type: string }[];
  backInSeconds?: number;
  /** What a function's process holds. */
  usedMb?: number;
  /** Of an alarm, as local/aws/cloudwatch/alarm-event.ts has them. */
  name?: string;
  state?: string;
  delivered?: boolean | 'unknown';
  readers?: readonly string[];
}

/** What a policy allows, as `npx zavu-webhooks start --json` reports it. */
export interface Grant {
  principal: string;
  action: string;
  resource: string;
}

/** The line that says that the stack takes requests, with what its state file alone has: its secret and credentials. */
export interface Ready extends Pick<LocalState, 'secret' | 'credentials'> {
  url: string;
  stateFile: string;
  endpoints: Record<LocalService, string>;
  archive: string;
  queues: Record<string, string>;
  /** The names of the tables. */
  tables: string[];
  /** The variables of .env.local that nothing uses, with why. */
  unusedVariables: string[];
  /** The stacks that it leaves out. */
  notRun: string[];
  outputs: Record<string, string>;
  grants: Grant[];
  workers: { name: string }[];
}
