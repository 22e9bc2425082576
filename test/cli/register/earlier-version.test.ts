import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outputs } from '../../../lib/outputs.ts';
import { anyCredentials } from '../../support/credentials.ts';

const workspace = mkdtempSync(join(tmpdir(), 'zavu-earlier-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

/** An address that refuses every connection. */
const unreachable = 'http://127.0.0.1:1';

/** Runs `npx zavu-webhooks register` on a stack with these outputs. Neither Zavu nor AWS can be reached. */
function register(outputs: Outputs): { code: number | null; printed: string } {
  const state = join(workspace, 'state.json');
  writeFileSync(
    state,
    JSON.stringify({
      pid: process.pid,
      url: unreachable,
      credentials: anyCredentials,
      outputs,
      endpoints: { secretsManager: unreachable },
    }),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['bin/zavu-webhooks.mjs', 'register', '--sender=snd_1'],
    {
      cwd: join(import.meta.dirname, '../../..'),
      env: {
        ...process.env,
        ZAVU_LOCAL_STATE: state,
        ZAVUDEV_API_KEY: 'zv_test',
        ZAVUDEV_BASE_URL: unreachable,
      },
      encoding: 'utf8',
    },
  );
  return { code: status, printed: stdout + stderr };
}

const outputs = {
  WebhookUrl: `${unreachable}/webhooks/zavu`,
  AcceptedSignatures: 'v2',
  SigningSecretName: 'Secret',
};

test('a stack of an earlier version is refused before Zavu is asked for anything', () => {
  const { code, printed } = register(outputs);
  expect(printed).toContain('is of an earlier version. Deploy it first: `npx cdk deploy`.');
  expect(code).toBe(1);
});

test('a stack that does not tell its routes is refused, too', () => {
  const { code, printed } = register({ ...outputs, UnroutedQueueUrl: `${unreachable}/unrouted` });
  expect(printed).toContain('is of an earlier version, which does not tell which worker handles which type.');
  expect(code).toBe(1);
});

test('a stack of this version is not: Zavu is asked', () => {
  const { code, printed } = register({
    ...outputs,
    UnroutedQueueUrl: `${unreachable}/unrouted`,
    Routes: 'inbound=message.inbound',
  });
  expect(printed).not.toContain('earlier version');
  expect(code).toBe(1);
});
