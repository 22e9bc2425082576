import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { appError } from '../../../local/app/app-error.ts';

const file = resolve('my app/bin/app #1.ts');
const stack = '    at parseTypeScript (node:internal/modules/typescript:72:36)\n    at node:internal/x:1:2\n';

test('a sentence comes without the source and the stack that Node prints around it', () => {
  const printed = `/app/node_modules/aws-cdk-lib/core/lib/x.js:1\n"use strict";var a=1;${'x'.repeat(8000)}\n  ^\n\nError: Grant it in bin/app.ts.\nThen deploy.\n${stack}\nNode.js v24.21.0\n`;
  expect(appError(printed)).toBe('Grant it in bin/app.ts.\nThen deploy.');
});

test('a sentence that CDK has wrapped comes alone, and without the file that is gone', () => {
  const printed = `node:internal/x:1\n\nValidationError: [«ValidationError» Say which.\nA copy of this report can be found in /tmp/x.json\n${stack}`;
  expect(appError(printed.replace('ValidationError: ', ''))).toBe('Say which.');
});

test.each([
  [`${pathToFileURL(file).href}:2`, `${file}:2`],
  ['/my app/bin/app.js:2', '/my app/bin/app.js:2'],
  ['C:\\my app\\bin\\app.js:2', 'C:\\my app\\bin\\app.js:2'],
])('code that cannot be read is named with its line: %s', (place, named) => {
  const code = 'const a: number = 1;\nconst b = ;\n          ^\n';
  const printed = `node:internal/modules/run_main:107\n    triggerUncaughtException(\n    ^\n\n${place}\n${code}\nSyntaxError [ERR_INVALID_TYPESCRIPT_SYNTAX]: Expression expected\n${stack}`;
  expect(appError(printed)).toBe(`${named}: Expression expected`);
  expect(appError(printed.replaceAll('\n', '\r\n'))).toBe(`${named}: Expression expected`);
});

test('the place where another error was thrown is not named as if its code could not be read', () => {
  const printed = `file:///app/bin/app.ts:2\n  throw new TypeError("boom");\n        ^\n\nTypeError: boom\n${stack}`;
  expect(appError(printed)).toBe('boom');
});

test.each([
  '/my/app/node_modules/aws-cdk-lib/core/lib/x.js:1',
  'C:\\app\\node_modules\\aws-cdk-lib\\core\\lib\\x.js:1',
])('what the validation of CDK has found comes without the error that only points at it: %s', (place) => {
  const report =
    'bin/app.ts:6:1\nERROR Resources section must exist (CloudFormation Validate)\n   Other aws-cdk-lib.Stack';
  const printed = `${report}\n${place}\n"use strict";var a=1;\n   ^\n\n[«ValidationFailed» Validation failed. A copy of this report can be found in: ../o/validation-report.json\n    ...aws-cdk-lib, node internals...\n\nNode.js v24.21.0\n`;
  expect(appError(printed)).toBe(report);
});

test('what is no error of Node comes whole', () => {
  expect(appError('sh: 1: tsx: not found\n')).toBe('sh: 1: tsx: not found');
  expect(appError('')).toBe('');
});
