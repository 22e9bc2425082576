import { mkdirSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
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
  /** The least that a receiver could be. */
  floor: Subject;
  /** The receiver of a plain build. */
  plain: Subject;
  worker: Subject;
  /** A worker without the messages table: what once-only costs, and nothing else. */
  onceOnly: Subject;
  /** The least that once-only could be. */
  twoWrites: Subject;
}

const root = join(import.meta.dirname, '..');
/** What is measured beside the project has packages of its own. */
const packages = join(root, 'bench/node_modules');

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
  const deployed = await deployedFunctions(workspace, service);
  const built = (entry: string, like: Subject, options: BuildOptions, into = workspace): Subject => {
    const directory = join(into, parse(entry).name);
    return { ...like, directory, module: build(join(root, 'bench', entry), directory, options) };
  };

  const receiver = deployed('ReceiverFunction');
  const worker = deployed('InboundWorkerFunction');
  const { MESSAGES_TABLE: _, ...withoutMessages } = worker.environment;
  return {
    receiver,
    floor: built('functions/floor.ts', receiver, bundleOptions),
    // Below the packages that it leaves out of its bundle, as Lambda's own SDK lies above a function.
    plain: built('alternatives/plain.ts', receiver, asNodejsFunction, join(packages, '.cache')),
    worker,
    onceOnly: { ...worker, environment: withoutMessages },
    twoWrites: built('functions/two-writes.ts', worker, bundleOptions),
  };
}

/**
 * Synthesizes the stack, and gives each of its functions by the beginning of its logical id.
 *
 * @param workspace directory for bundles and assembly
 * @param service endpoint of the services that they call, and the file of its certificate
 */
export async function deployedFunctions(
  workspace: string,
  service: { endpoint: string; certificate: string },
): Promise<(name: string) => Subject> {
  const signal = new AbortController().signal;
  const { directory } = await synthesizeApp('test/bench/app.ts', {}, workspace, signal);
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

/**
 * What `NodejsFunction` gives esbuild by itself: CommonJS, not minified, without the SDK, which the runtime has.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_lambda_nodejs-readme.html
 */
const asNodejsFunction: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  logLevel: 'silent',
  format: 'cjs',
  external: ['@aws-sdk/*', '@smithy/*'],
};

function build(entry: string, outdir: string, options: BuildOptions): string {
  buildSync({ ...options, entryPoints: { index: entry }, outdir });
  if (options.format === 'esm') return join(outdir, 'index.mjs');
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, 'package.json'), '{"type":"commonjs"}\n');
  return join(outdir, 'index.js');
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
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  };
}
