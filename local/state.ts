import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The services that tools call, by their names among the local stack's endpoints. */
export type Service =
  | 'sqs'
  | 'dynamodb'
  | 'secretsManager'
  | 'eventBridge'
  | 'firehose'
  | 'cloudWatch'
  | 'sns';

/** What the running local stack writes down for tools. */
export interface LocalState {
  url: string;
  secret: string;
  outputs: Record<string, string>;
  endpoints: Record<Service, string>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
}

/** What everybody but a function signs its calls to the local stack with. Functions have their own names as keys. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** $ZAVU_LOCAL_STATE names another file, for several stacks side by side. */
const file = process.env.ZAVU_LOCAL_STATE ?? join(import.meta.dirname, '../.zavu-local.json');

export function writeState(note: LocalState): void {
  writeFileSync(file, JSON.stringify(note), { mode: 0o600 });
}

/** What the running local stack has written down, or undefined where none runs. */
export function readState(): LocalState | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Removes the note, unless another local stack has written its own since. */
export function removeState(origin: string): void {
  if (readState()?.url.startsWith(origin)) rmSync(file);
}
