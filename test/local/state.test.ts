import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  type LocalState,
  readState,
  readStateFile,
  readStates,
  removeState,
  stateFile,
  writeState,
} from '../../local/state.ts';
import { anyCredentials } from '../support/credentials.ts';

let folder: string;
const before = process.env.ZAVU_LOCAL_STATE;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-state-'));
  jest.spyOn(process, 'cwd').mockReturnValue(folder);
  delete process.env.ZAVU_LOCAL_STATE;
});
afterEach(() => {
  jest.restoreAllMocks();
  if (before === undefined) delete process.env.ZAVU_LOCAL_STATE;
  else process.env.ZAVU_LOCAL_STATE = before;
  rmSync(folder, { recursive: true });
});

const endpoint = 'http://127.0.0.1:1';
const state = (port = 3000): Omit<LocalState, 'pid'> => ({
  port: String(port),
  url: `http://127.0.0.1:${port}/webhooks/zavu`,
  secret: 'whsec_of_a_test',
  credentials: anyCredentials,
  outputs: {},
  endpoints: {
    sqs: endpoint,
    dynamodb: endpoint,
    secretsManager: endpoint,
    eventBridge: endpoint,
    firehose: endpoint,
    cloudWatch: endpoint,
    logs: endpoint,
    sns: endpoint,
    lambda: endpoint,
  },
  archive: '',
});

/** The file of a local run of another process. */
function writeOther(pid: number, port: number): string {
  const file = join(folder, `.zavu-local.${pid}.json`);
  writeFileSync(file, JSON.stringify({ pid, ...state(port) }));
  return file;
}

/** More than any system gives to a process. */
const deadPid = 2 ** 30;

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
/** Windows has no such modes. */
const ownerOnly = process.platform === 'win32' ? '666' : '600';

test('the state file is for its owner alone, whatever was there before', () => {
  const file = stateFile();
  writeFileSync(file, '{}', { mode: 0o644 });
  chmodSync(file, 0o644);
  writeState(state());
  expect(modeOf(file)).toBe(ownerOnly);
  expect(readState()).toEqual({ pid: process.pid, ...state() });
  expect(readdirSync(folder)).toEqual([basename(file)]);
});

test.each(['', 'state.json'])('the state file (%j) follows no link', (name) => {
  if (name) process.env.ZAVU_LOCAL_STATE = join(folder, name);
  const target = join(folder, 'elsewhere');
  writeFileSync(target, 'as it was', { mode: 0o644 });
  symlinkSync(target, stateFile());
  writeState(state());
  expect(readFileSync(target, 'utf8')).toBe('as it was');
  expect(lstatSync(stateFile()).isSymbolicLink()).toBe(false);
  expect(modeOf(stateFile())).toBe(ownerOnly);
});

test('two runs in one folder leave each other their files, and a command asks which of them', () => {
  const other = writeOther(process.ppid, 3001);
  writeState(state(3000));
  expect(() => readState()).toThrow(
    /^Several local runs .* --port: (3000|3001) \(process \d+\), (3000|3001) \(process \d+\)\./,
  );
  expect(readState('3001')).toMatchObject({ pid: process.ppid });
  expect(readState('3000')).toMatchObject({ pid: process.pid });
  expect(readState('3002')).toBeUndefined();
  removeState();
  expect(readState()).toEqual(readStateFile(other));
});

test('a run that was killed does not count, and the next one removes its file', () => {
  const dead = writeOther(deadPid, 3000);
  expect(readState()).toBeUndefined();
  expect(readStates()).toEqual([]);
  writeState(state());
  expect(readdirSync(folder)).not.toContain(basename(dead));
  expect(readState()).toMatchObject({ pid: process.pid });
});

test('a run that ends between the list of files and the reading of its own does not count', () => {
  writeState(state(3000));
  // It is listed, and cannot be read any more.
  symlinkSync(join(folder, 'gone'), join(folder, `.zavu-local.${process.ppid}.json`));
  expect(readStates()).toEqual([{ pid: process.pid, ...state(3000) }]);
});

test('a file that $ZAVU_LOCAL_STATE names is the only one, and stays if another run has written it since', () => {
  writeOther(process.ppid, 3001);
  const file = join(folder, 'state.json');
  process.env.ZAVU_LOCAL_STATE = file;
  expect(readState()).toBeUndefined();
  writeState(state(3000));
  expect(readState()).toMatchObject({ pid: process.pid });
  writeFileSync(file, JSON.stringify({ pid: process.ppid, ...state(3001) }));
  removeState();
  expect(readState()).toMatchObject({ pid: process.ppid });
});

test('what cannot be written leaves nothing beside it', () => {
  process.env.ZAVU_LOCAL_STATE = folder;
  const parent = join(folder, '..');
  const besides = () => readdirSync(parent).filter((name) => name.startsWith('.zavu-local.new-'));
  expect(() => writeState(state())).toThrow();
  expect(besides()).toEqual([]);
});
