import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redeploy, watchApp } from '../../../local/app/redeployment.ts';
import { eventually } from '../../support/eventually.ts';

async function said(deploy: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  await redeploy(deploy, ['/app/lambda/a.ts', '/app/b.ts'], (line) => lines.push(line));
  return lines;
}

test('one line says that it was deployed, and how long that took', async () => {
  expect(await said(async () => 'done')).toEqual([
    expect.stringMatching(/^Deployed again in \d+\.\d s: a\.ts, b\.ts$/),
  ]);
});

test('a deployment that fails says why, and that the last one still runs', async () => {
  const failing = () => Promise.reject(new Error('bin/app.ts:2: Unexpected ";"'));
  expect(await said(failing)).toEqual(['bin/app.ts:2: Unexpected ";"\nThe last deployment still runs.']);
});

test('a change of cdk.json is deployed, whatever its patterns name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zavu-redeployment-'));
  const file = join(folder, 'cdk.json');
  writeFileSync(file, JSON.stringify({ app: 'x', watch: { include: 'lambda/**' } }));
  let deployments = 0;
  const stop = watchApp(
    folder,
    async () => {
      deployments += 1;
    },
    () => [],
  );
  for (const wanted of [1, 2, 3]) {
    writeFileSync(`${file}~`, JSON.stringify({ app: `x${wanted}` }));
    renameSync(`${file}~`, file);
    await eventually(
      () => deployments >= wanted,
      () => `deployment ${wanted}`,
    );
  }
  await stop();
  rmSync(folder, { recursive: true });
});
