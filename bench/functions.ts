import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, parse } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/functions/bundled-code.ts';
import { synthesizeApp } from '../local/app/synthesis.ts';
import { readAssembly } from '../local/aws/template/assembly.ts';
import { account, region } from '../local/aws/template/environment.ts';
import { createResolver } from '../local/aws/template/intrinsics.ts';
import { functionDefinitions } from '../local/runtime/functions/definitions.ts';

/** A function that can be measured: its bundle, and the environment to run it in. */
export interface Subject {
  /** Path of the module that exports `handler`. */
  module: string;
  /** Directory of its bundle. */
  directory: string;
  environment: Readonly<Record<string, string>>;
  memoryMb: number;
}

/** The functions as the stack deploys them, and what they are measured against. */
export interface Functions {
  receiver: Subject;
  /** The least that a receiver could be with Node's HTTP client. */
  floor: Subject;
  /** The receiver of the plain stack. */
  plain: Subject;
  worker: Subject;
  /** A worker without the messages table: what once-only costs, and nothing else. */
  onceOnly: Subject;
  /** The least that once-only could be. */
  twoWrites: Subject;
  /** The worker of the plain stack. */
  plainWorker: Subject;
}

/** The app of what is measured: the stack as it is deployed, and what AWS's own samples have for it. */
export const apps = { stack: 'test/bench/app.ts', plain: 'test/bench/plain-app.ts' } as const;

const root = join(import.meta.dirname, '..');

/**
 * Synthesizes the stack, and builds what its functions are measured against.
 *
 * @param workspace directory for bundles and assembly
 * @param service endpoint of the services that they call, and the file of its certificate
 */
export async function buildFunctions(
  workspace: string,
  service: { endpoint: string; certificate: string },
): Promise<Functions> {
  const deployed = await deployedFunctions(apps.stack, workspace, service);
  const plain = await deployedFunctions(apps.plain, belowPackages(), service);
  const built = (entry: string, like: Subject): Subject => {
    const directory = join(workspace, parse(entry).name);
    buildSync({ ...bundleOptions, entryPoints: { index: join(root, 'bench', entry) }, outdir: directory });
    return { ...like, directory, module: join(directory, 'index.mjs') };
  };

  const receiver = deployed('ReceiverFunction');
  const worker = deployed('InboundWorkerFunction');
  const { MESSAGES_TABLE: _, ...withoutMessages } = worker.environment;
  return {
    receiver,
    floor: built('functions/floor.ts', receiver),
    plain: plain('receiver'),
    worker,
    onceOnly: { ...worker, environment: withoutMessages },
    twoWrites: built('functions/two-writes.ts', worker),
    plainWorker: plain('worker'),
  };
}

/**
 * A directory for bundles below the benchmark's own packages, until this process ends: `NodejsFunction` leaves the SDK out
 * of a bundle, and on Lambda that lies above the function.
 */
export function belowPackages(): string {
  const cache = join(root, 'bench/node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'zavu-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Synthesizes an app, and gives each function of its stack by the beginning of its logical id.
 *
 * @param workspace directory for bundles and assembly
 * @param service endpoint of the services that they call, and the file of its certificate
 */
export async function deployedFunctions(
  app: string,
  workspace: string,
  service: { endpoint: string; certificate: string },
): Promise<(name: string) => Subject> {
  const signal = new AbortController().signal;
  const { directory } = await synthesizeApp(app, {}, workspace, signal);
  const assembly = readAssembly(directory);
  const resolve = createResolver(assembly.resources, {
    queueUrl: (id) => `${service.endpoint}/${account}/${id}`,
    apiEndpoint: 'https://api.invalid',
  });
  const definitions = functionDefinitions(assembly, resolve, {
    AWS_ENDPOINT_URL: service.endpoint,
    NODE_EXTRA_CA_CERTS: service.certificate,
  });
  return (name) => {
    const found = definitions.find((definition) => definition.name.startsWith(name));
    if (!found) throw new Error(`The stack has no function ${name}.`);
    const environment = { ...lambdaEnvironment(found.name, found.memoryMb), ...found.environment };
    const { module, memoryMb } = found;
    return { module, directory: join(module, '..'), environment, memoryMb };
  };
}

/** What Lambda's runtime puts into every function's environment, as far as one is read. */
export function lambdaEnvironment(name: string, memoryMb: number): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    // As long as a role's.
    AWS_SESSION_TOKEN: 'x'.repeat(700),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    // Nothing is traced by default: there is an id alone, to pass on.
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793',
  };
}
