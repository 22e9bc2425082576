import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeApp } from '../../local/app/synthesis.ts';
import { everySetting } from './every-setting.ts';

const app = 'bin/app.ts';
const stages = ['dev', 'prod'];
// CDK's own rules are those of test/lib/rules.test.ts.
process.env.CDK_VALIDATION = 'false';
const requirements = join(import.meta.dirname, 'requirements.txt');

const missingPython =
  'npm run lint:template needs Python 3.10 or newer with its venv module, as python3 on the PATH. Install it ' +
  'from https://www.python.org/downloads/ (Debian and Ubuntu: apt install python3-venv), then run it again.';

/** Lints the templates of every stage. Its exit status is that of cfn-lint, which tells errors from warnings. */
async function main(): Promise<void> {
  const linter = install();
  const workspace = mkdtempSync(join(tmpdir(), 'zavu-cfn-lint-'));
  try {
    for (const stage of stages) {
      const context = { stage, ...everySetting };
      await synthesizeApp(app, context, workspace, AbortSignal.timeout(120_000));
    }
    const templates = globSync(join(workspace, '*/*.template.json'));
    if (templates.length !== stages.length) throw new Error(`${templates.length} templates to lint.`);
    // CDK makes each function wait for its role, although naming the role does as much: W3005.
    const lint = spawnSync(linter, ['--ignore-checks', 'W3005', '--', ...templates], { stdio: 'inherit' });
    process.exitCode = lint.status ?? 1;
    if (lint.status === 0) console.log(`cfn-lint finds nothing in ${stages.join(' and ')}.`);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/**
 * Installs cfn-lint where it is not yet, into an environment of its own for these requirements.
 *
 * @returns the path of cfn-lint
 * @throws Error saying what to do where Python is missing, or with what pip printed
 */
function install(): string {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const environment = join(import.meta.dirname, `../../node_modules/.cache/cfn-lint-${digest}`);
  const installed = join(environment, 'installed');
  const binaries = join(environment, 'bin');
  if (!existsSync(installed)) {
    const usable = 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))';
    if (run('python3', ['-c', usable]) !== undefined) throw new Error(missingPython);
    const pip = ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--requirement', requirements];
    const failure =
      run('python3', ['-m', 'venv', '--clear', environment]) ?? run(join(binaries, 'python'), pip);
    if (failure !== undefined) throw new Error(`cfn-lint could not be installed.\n${failure}`);
    writeFileSync(installed, '');
  }
  return join(binaries, 'cfn-lint');
}

/** Runs a command to its end. Gives what it printed, or why it did not start, where it failed. */
function run(command: string, args: string[]): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? `${stdout}${stderr}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
