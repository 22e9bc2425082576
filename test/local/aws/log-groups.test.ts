import { LogGroups, type LogLine } from '../../../local/aws/log-groups.ts';
import { jsonReport, textReport } from '../../../local/report.ts';
import { defineFunction } from '../../support/function.ts';

const definition = defineFunction('');

/** The log of a function whose role may write, or may not, and of an API; and what was stored. */
function logsOf(mayLog: boolean) {
  const stored: LogLine[] = [];
  let asked = 0;
  const logs = new LogGroups((line) => stored.push(line));
  const log = logs.ofFunction(definition, () => {
    asked += 1;
    return mayLog;
  });
  const write = () => {
    log.line('mine');
    log.platformLine('its');
    logs.ofAccess('Access')('access');
  };
  return { write, stored, asked: () => asked };
}

test('every line is stored with its group and its writer, and the role is looked at once', () => {
  const { write, stored, asked } = logsOf(true);
  expect(asked()).toBe(0);
  write();
  const ofFunction = { logGroup: 'Logs', functionName: 'Function' };
  expect(stored).toEqual([
    { ...ofFunction, writer: 'function', text: 'mine' },
    { ...ofFunction, writer: 'lambda', text: 'its' },
    { logGroup: 'Access', functionName: undefined, writer: 'api-gateway', text: 'access' },
  ]);
  expect(asked()).toBe(1);
});

test("where a role may not write, a function's log stays empty of Lambda's lines, too", () => {
  const { write, stored } = logsOf(false);
  write();
  expect(stored).toMatchObject([{ logGroup: 'Access' }]);
});

test("the report for scripts tells AWS's lines apart, and the one for people leaves them out", () => {
  const { write, stored } = logsOf(true);
  write();
  const [json, text]: string[][] = [[], []];
  for (const line of stored) {
    jsonReport((each) => json?.push(each)).logged(line);
    textReport((each) => text?.push(each)).logged(line);
  }
  expect(json?.map((line) => JSON.parse(line))).toEqual([
    { event: 'log', function: 'Function', line: 'mine' },
    { event: 'platform', function: 'Function', line: 'its' },
    { event: 'access', line: 'access' },
  ]);
  expect(text).toEqual([expect.stringContaining('mine')]);
});
