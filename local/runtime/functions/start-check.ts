import type { FunctionDefinition } from './definitions.ts';
import { Sandbox, type SandboxObserver } from './sandbox.ts';

const silent: SandboxObserver = {
  line: () => undefined,
  platformLine: () => undefined,
  memoryExceeded: () => undefined,
  attemptFailed: () => undefined,
  printed: () => undefined,
};

/** Nothing listens at this port: the check must not use the services, and must not wait for them. */
const nowhere = 'http://127.0.0.1:1';

/**
 * Starts a function and ends it again, to find out at once, and not by the first event, that
 * this machine cannot start any.
 *
 * @throws Error if it does not start
 */
export async function assertStarts(definition: FunctionDefinition): Promise<void> {
  const environment = { ...definition.environment, AWS_ENDPOINT_URL: nowhere };
  const sandbox = new Sandbox({ ...definition, environment }, silent);
  const failed = await sandbox.started;
  sandbox.stop();
  if (failed) throw new Error(`No function starts on this machine. ${definition.name}: ${failed.error}.`);
}
