import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TypeCheck, typeErrors } from '../../../local/app/type-check.ts';

const folder = mkdtempSync(join(tmpdir(), 'zavu-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('errors are read whatever ends the lines, with their places', () => {
  const printed =
    "lambda/a.ts(3,7): error TS2322: Type 'string' is not assignable.\r\n  more about it\r\nerror TS18003: No inputs.\r\n";
  expect(typeErrors(printed)).toEqual([
    "lambda/a.ts:3:7: TS2322: Type 'string' is not assignable.",
    'error TS18003: No inputs.',
  ]);
});

test("an app's own compiler finds errors, and says once that they are gone", async () => {
  const lines: string[] = [];
  await new TypeCheck(folder, (line) => lines.push(line)).start();
  expect(lines).toEqual([]);

  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions":{"types":[]},"include":["a.ts"]}');
  symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'), 'junction');
  const check = new TypeCheck(folder, (line) => lines.push(line));
  writeFileSync(join(folder, 'a.ts'), "export const text: number = 'one';\n");
  // What has not ended says nothing.
  await Promise.all([check.start(), check.start()]);
  expect(lines).toEqual([
    expect.stringMatching(
      /^Type errors:\n {2}a\.ts:1:14: error TS2322: |^Type errors:\n {2}a\.ts:1:14: TS2322: /,
    ),
  ]);
  writeFileSync(join(folder, 'a.ts'), 'export const text: number = 1;\n');
  await check.start();
  await check.start();
  expect(lines.slice(1)).toEqual(['No type errors any more.']);
});

test('a compiler that fails by itself has not found that errors are gone', async () => {
  const app = join(folder, 'app');
  const compiler = join(app, 'node_modules/typescript');
  mkdirSync(compiler, { recursive: true });
  writeFileSync(join(app, 'tsconfig.json'), '{}');
  writeFileSync(join(compiler, 'package.json'), '{"bin":{"tsc":"tsc.js"}}');
  const compile = (code: string) => writeFileSync(join(compiler, 'tsc.js'), code);
  const lines: string[] = [];
  const check = new TypeCheck(app, (line) => lines.push(line));
  compile("console.log('a.ts(1,1): error TS1: no'); process.exitCode = 1;");
  await check.start();
  compile('process.exitCode = 134;');
  await check.start();
  expect(lines).toEqual(['Type errors:\n  a.ts:1:1: TS1: no']);
});
