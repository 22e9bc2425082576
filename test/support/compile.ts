import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What the compiler refuses. */
export interface CompileError {
  /** The file's name, as it was given. */
  file: string;
  line: number;
  /** `TS2345` */
  code: string;
  /** With all lines that explain it. */
  message: string;
}

/**
 * Compiles files as a user's are: with the project's compiler and settings, but in a directory of their own. They import
 * the project's files as `project/lambda/handlers/logger.ts`, and packages by their names. One process compiles
 * all files, and starting it takes most of the time: hand it all files of a test at once, in `beforeAll`.
 *
 * @param files their texts by their names, which end in `.ts`
 * @returns errors in the order of files and lines; none if all is well
 * @throws Error with what the compiler printed, for an error that is in none of these files
 */
export async function compile(files: Readonly<Record<string, string>>): Promise<CompileError[]> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'zavu-compile-')));
  try {
    const settings = {
      extends: join(root, 'tsconfig.json'),
      // What a fixture declares for its cases need not be used.
      compilerOptions: { noUnusedLocals: false, types: ['node'], paths: { 'project/*': [join(root, '*')] } },
      include: [],
      files: Object.keys(files),
    };
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(settings));
    await writeFile(join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
    // Windows makes a junction without asking for rights.
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return parse(await printedBy(directory), Object.keys(files));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What the compiler prints about a directory. */
function printedBy(directory: string): Promise<string> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--noEmit', '--pretty', 'false', '-p', directory];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: directory }, (error, stdout, stderr) => {
      // A number says that it ran: it ends with 1 or 2 if it refuses something.
      if (error && typeof error.code !== 'number') reject(error);
      else if (stderr !== '' || (error && stdout === '')) reject(new Error(`tsc failed: ${stderr || error}`));
      else resolve(stdout);
    });
  });
}

const errorLine = /^(?<file>[^(\s][^(]*)\((?<line>\d+),\d+\): error (?<code>TS\d+): (?<message>.*)$/;

function parse(printed: string, names: readonly string[]): CompileError[] {
  const errors: CompileError[] = [];
  for (const text of printed.split(/\r?\n/).filter((line) => line !== '')) {
    const last = errors.at(-1);
    const { file = '', line, code = '', message = '' } = errorLine.exec(text)?.groups ?? {};
    if (names.includes(file)) errors.push({ file, line: Number(line), code, message });
    else if (last && text.startsWith(' ')) last.message += `\n${text}`;
    else throw new Error(`tsc refuses more than the files that it was given:\n${printed}`);
  }
  return errors;
}
