import { fileURLToPath } from 'node:url';

/** How the message of the error begins that ended a Node process: as Node writes it, and as CDK writes its own. */
const messages = [
  /^\w*Error(?: \[\w+\])?: (?<message>[\s\S]*?)\n\s+at /m,
  /\[«\w+» (?<message>[\s\S]*?)\n\s+(?:at |\.\.\.)/,
];

/** Where Node found code that it cannot read. It stands above the code, and in no line of the stack. */
const unreadable = /^(?<file>file:\/\/\S+|\/.+|[A-Za-z]:\\.+):(?<line>\d+)\n[\s\S]*?^SyntaxError/m;

/** What CDK's validation says stands above the error, and the error says no more than that there is such a report. */
const validationReport = /^(?<report>[\s\S]+?)\n\S*[\\/]aws-cdk-lib[\\/]\S*:\d+\n/;

/** It names a file of the assembly, which is gone when the local run has ended. */
const reportFile = /^.*A copy of this report can be found in.*$/m;

/**
 * What a person needs to know of an error that ended a CDK app: its message, without the source around it and without a
 * stack. If the code cannot be read, its file and line come first. What is no error of Node comes whole.
 *
 * @param printed what the app's process has printed as an error
 */
export function appError(printed: string): string {
  const text = printed.replaceAll('\r\n', '\n');
  const message = messages.map((pattern) => text.match(pattern)?.groups?.message).find((found) => found);
  const place = text.match(unreadable)?.groups;
  const where = message && place ? `${pathOf(place.file)}:${place.line}: ` : '';
  const told = `${where}${message ?? text}`.replace(reportFile, '').trim();
  return told || (text.match(validationReport)?.groups?.report?.trim() ?? '');
}

/** Node names an ES module by its URL, and a CommonJS module by its path. */
function pathOf(file = ''): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}
