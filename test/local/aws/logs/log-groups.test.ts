import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LogGroups, type LogLine } from '../../../../local/aws/logs/log-groups.ts';
import { jsonReporter } from '../../../../local/report/json-reporter.ts';
import { textReporter } from '../../../../local/report/text-reporter.ts';
import { defineFunction } from '../../../support/function.ts';

const definition = defineFunction('');

/** What is stored of the log of a function, and of an API. */
function written(): LogLine[] {
  const stored: LogLine[] = [];
  const logs = new LogGroups((line) => stored.push(line));
  const log = logs.ofFunction(definition);
  log.line('mine');
  log.platformLine('its');
  logs.ofAccess('Access')('access');
  return stored;
}

test('every line is stored with its group and its writer', () => {
  const ofFunction = { logGroup: 'Logs', functionName: 'Function' };
  expect(written()).toEqual([
    { ...ofFunction, writer: 'function', text: 'mine' },
    { ...ofFunction, writer: 'lambda', text: 'its' },
    { logGroup: 'Access', functionName: undefined, writer: 'api-gateway', text: 'access' },
  ]);
});

test('what a function says of its code is said as on AWS, where no path has a digest', () => {
  const lines: string[] = [];
  const module = join(tmpdir(), `asset.${'3f'.repeat(32)}`, 'index.mjs');
  const log = new LogGroups(({ text }) => lines.push(text)).ofFunction({ ...definition, module });
  log.line(`at handler (${pathToFileURL(module)}:1:2)`);
  log.platformLine(`at ${module}:1:2`);
  expect(lines).toEqual(['at handler (file:///var/task/index.mjs:1:2)', `at /var/task${sep}index.mjs:1:2`]);
});

test("the report for scripts tells AWS's lines apart, and the one for people leaves them out", () => {
  const [json, text]: string[][] = [[], []];
  for (const line of written()) {
    jsonReporter((each) => json?.push(each)).logged(line);
    textReporter((each) => text?.push(each)).logged(line);
  }
  expect(json?.map((line) => JSON.parse(line))).toEqual([
    { event: 'log', function: 'Function', line: 'mine' },
    { event: 'platform', function: 'Function', line: 'its' },
    { event: 'access', line: 'access' },
  ]);
  expect(text).toEqual([expect.stringContaining('mine')]);
});
