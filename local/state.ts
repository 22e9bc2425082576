import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The services that commands call, by their names among the local run's endpoints. */
export type LocalService =
  | 'sqs'
  | 'dynamodb'
  | 'secretsManager'
  | 'eventBridge'
  | 'firehose'
  | 'cloudWatch'
  | 'logs'
  | 'sns';

/** What the local run writes down for commands. */
export interface LocalState {
  url: string;
  secret: string;
  outputs: Record<string, string>;
  endpoints: Record<LocalService, string>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
}

/** The credentials of every caller of the local run but functions, whose access keys are their own names. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** In the folder where it was started. $ZAVU_LOCAL_STATE names another file, for several local runs side by side. */
const file = process.env.ZAVU_LOCAL_STATE || join(process.cwd(), '.zavu-local.json');

export function writeState(state: LocalState): void {
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
}

/** What the local run has written down, or undefined if none runs. */
export function readState(): LocalState | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Removes the file, unless another local run has written its own since. */
export function removeState(origin: string): void {
  if (readState()?.url.startsWith(origin)) rmSync(file);
}
