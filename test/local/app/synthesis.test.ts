import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeApp } from '../../../local/app/synthesis.ts';

const folder = mkdtempSync(join(tmpdir(), 'zavu-synthesis-'));
afterAll(() => rmSync(folder, { recursive: true }));

function synthesized(code: string) {
  const app = join(folder, 'app.mjs');
  writeFileSync(app, code);
  return synthesizeApp(app, {}, folder, new AbortController().signal);
}

test('an app that fails is told with what it has printed, also if that is no error output, as with tsc', async () => {
  await expect(
    synthesized("console.log('lib/a.ts(1,2): error TS2322: Type'); process.exitCode = 2;"),
  ).rejects.toThrow(
    /app\.mjs does not synthesize: it ended with 2, and printed:\nlib\/a\.ts\(1,2\): error TS2322: Type$/,
  );
  await expect(synthesized("console.log('noise'); throw new TypeError('boom');")).rejects.toThrow(/^boom$/);
  await expect(synthesized('process.exitCode = 2;')).rejects.toThrow(/it ended with 2\.$/);
});

test('a command that is no CDK app is told so', async () => {
  await expect(synthesized('')).rejects.toThrow(/app\.mjs ended well and wrote no cloud assembly\./);
});
