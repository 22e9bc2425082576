import { relative } from 'node:path';

interface FileResult {
  testFilePath: string;
  failureMessage?: string | null;
  testResults: { fullName: string; status: string }[];
}

interface RunResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTotalTestSuites: number;
  numRuntimeErrorTestSuites: number;
  startTime: number;
  testResults: FileResult[];
}

/** Jest's reporter for a whole run: each failure as soon as it is known, and a summary. What passes says nothing. */
export default class Reporter {
  onTestResult(_test: unknown, { testFilePath, failureMessage }: FileResult): void {
    if (failureMessage) print(`FAIL ${nameOf(testFilePath)}\n${failureMessage}`);
  }

  onRunComplete(_contexts: unknown, run: RunResult): void {
    const failed = run.testResults.flatMap(({ testFilePath, testResults, failureMessage }) => {
      const names = testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
      // A file that does not load, or whose end fails, has no test that failed.
      if (names.length === 0 && failureMessage) names.push('(the file itself)');
      return names.map((name) => `  ${nameOf(testFilePath)}: ${name}`);
    });
    if (failed.length > 0) print(`Failed:\n${failed.join('\n')}`);
    const counts = [
      `${run.numPassedTests} passed`,
      `${run.numFailedTests + run.numRuntimeErrorTestSuites} failed`,
      ...(run.numPendingTests > 0 ? [`${run.numPendingTests} skipped`] : []),
    ];
    const seconds = Math.round((Date.now() - run.startTime) / 1000);
    print(`Tests: ${counts.join(', ')}, in ${run.numTotalTestSuites} files and ${seconds} s`);
  }

  /** Jest decides by the results alone. */
  getLastError(): undefined {
    return undefined;
  }
}

function nameOf(file: string): string {
  return relative(process.cwd(), file);
}

function print(text: string): void {
  process.stderr.write(`${text}\n`);
}
