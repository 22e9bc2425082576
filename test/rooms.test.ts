import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The rooms from which the code of each room may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  bin: ['lib', 'cli', 'lambda'],
  lambda: [],
  lib: ['lambda'],
  local: ['lambda', 'lib'],
  // Commands work on the template as `cdk synth` makes it, and on the local run.
  cli: ['lambda', 'lib', 'local'],
  // What users test with. Of lib/ it takes the names of the outputs alone: see below.
  testing: ['lambda', 'lib', 'local', 'cli'],
  bench: ['lambda', 'lib', 'local', 'cli', 'testing', 'test'],
  test: ['lambda', 'lib', 'local', 'cli', 'testing', 'bench', 'bin'],
};

/**
 * The folders of a room from the bottom to the top, and a file if its layer is not that of its folder. Each imports from
 * those below it and not from its neighbours in the same layer. `.` is all other files that stand in no folder.
 */
const layers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  lambda: [
    ['shared'],
    ['aws'],
    ['zavu'],
    ['queued-event'],
    ['routing'],
    ['idempotency', 'archive', 'pauses'],
    ['handlers'],
    // Not below the handlers: what is recorded of an event is not for them to decide.
    ['event-bus', 'messages'],
    ['receiver', 'worker', 'canary'],
    // It puts events into the queues as the receiver does.
    ['reconcile'],
    // The table of handlers of this repository's own app, which is written as a user's.
    ['.'],
  ],
  lib: [
    ['edit-distance.ts', 'docs-page.ts'],
    ['nearest.ts'],
    [
      'settings',
      'guardrails',
      'queues.ts',
      'outputs.ts',
      'deployment.ts',
      'leading-keys.ts',
      'stored-secret.ts',
    ],
    ['functions'],
    ['monitoring'],
    ['archive', 'event-bus', 'idempotency', 'messages'],
    ['receiver', 'worker'],
    ['canary', 'pauses', 'reconcile', 'service-levels'],
    ['dashboard'],
    ['.'],
  ],
  cli: [
    ['shared'],
    ['cost', 'dead-letters', 'init', 'pause', 'reconcile', 'replay', 'retry', 'send', 'start'],
    // The key that `reconcile` asks with is one of the secrets.
    ['secrets'],
    ['completion', 'event', 'register', 'smoke'],
    ['message'],
    ['.'],
  ],
};

/** Folders of lib/ that are no part of what is deployed, but serve all parts. */
const servants = ['settings', 'guardrails', 'functions', 'monitoring', 'dashboard', 'service-levels'];

/** The parts that are deployed, and why one of them has no folder somewhere. */
const parts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  archive: {},
  canary: {},
  'event-bus': {},
  idempotency: {},
  messages: {},
  pauses: {},
  receiver: {},
  reconcile: {},
  worker: {},
};

interface Import {
  from: string;
  to: string;
  /** Whether it imports types alone, so that nothing of it is left when the code runs. */
  isType: boolean;
}

const roomOf = (file: string) => file.split('/')[0] ?? '';

/** The files of all rooms, by their paths from the root with `/` in them. */
const files = globSync('{bin,lambda,lib,local,cli,testing,bench,test}/**/*.{ts,mts,mjs,js}', {
  cwd: root,
  exclude: (path) => path.split(sep).includes('node_modules'),
})
  .map((file) => file.replaceAll(sep, '/'))
  .sort();

/** Static imports and re-exports, which begin a line, and dynamic imports, which may stand anywhere but in a comment. */
const specifiers =
  /^[ \t]*(?:import|export)\b(?<isType> type\b)?(?:[\w\s{},*$]*?\bfrom)?\s*['"](?<path>\.\.?\/[^'"]+)['"]|(?<!^[ \t]*\*.*)\bimport\(\s*['"](?<dynamicPath>\.\.?\/[^'"]+)['"]/gm;

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8');
  const own = [...text.matchAll(specifiers)].filter(({ index }) => !isQuoted(from, text.slice(0, index)));
  return own.map(({ groups = {} }) => ({
    from,
    to: posix.join(posix.dirname(from), groups.path ?? groups.dynamicPath ?? ''),
    isType: groups.isType !== undefined,
  }));
});

/** Whether what follows is text of a test, which writes code into a file: it stands between backticks, or quotes in its line. */
function isQuoted(file: string, before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (
    roomOf(file) === 'test' && [before.split('`'), line.split(/["']/)].some((parts) => parts.length % 2 === 0)
  );
}

/** The folder of a layered room in which a file is, or the file itself if it has a layer of its own. */
function folderOf(file: string): string {
  const [room = '', ...path] = file.split('/');
  if (layers[room]?.flat().includes(path.join('/'))) return path.join('/');
  return path.length > 1 ? (path[0] ?? '') : '.';
}

const layerOf = (room: string, folder: string) =>
  (layers[room] ?? []).findIndex((folders) => folders.includes(folder));

/** A sentence on an import that runs against the map; undefined if it does not. */
function problemOf({ from, to }: Import): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room !== other) {
    const allowed = mayImport[room] ?? [];
    if (allowed.includes(other)) return undefined;
    const list = allowed.length > 0 ? `from ${allowed.join(', ')} alone` : 'from no other room';
    return `${from} imports ${to}, but ${room}/ may import ${list}.`;
  }
  if (!(room in layers)) return undefined;
  const [own, target] = [folderOf(from), folderOf(to)];
  const distance = layerOf(room, target) - layerOf(room, own);
  if (own === target || distance < 0) return undefined;
  return distance > 0
    ? `${from} imports ${to}, but ${room}/${target} is above ${room}/${own}: move what both need into ${room}/${own} or below it.`
    : `${from} imports ${to}, but ${room}/${target} and ${room}/${own} are of one layer: move what both need below them.`;
}

/** The first circle of some imports that is found, as a list of files that ends where it begins. */
function circleOf(some: readonly Import[]): string[] {
  const importsOf = Map.groupBy(some, ({ from }) => from);
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    if (finished.has(file)) return [];
    const begin = path.indexOf(file);
    if (begin >= 0) return [...path.slice(begin), file];
    path.push(file);
    for (const { to } of importsOf.get(file) ?? []) {
      const found = visit(to);
      if (found.length > 0) return found;
    }
    path.pop();
    finished.add(file);
    return [];
  };
  return [...importsOf.keys()].map(visit).find((found) => found.length > 0) ?? [];
}

test('the imports of every room are read', () => {
  for (const room of Object.keys(mayImport)) {
    expect(files.filter((file) => roomOf(file) === room)).not.toEqual([]);
    if (room !== 'bin') expect(imports.filter(({ from }) => roomOf(from) === room)).not.toEqual([]);
  }
  expect(imports.filter(({ to }) => !existsSync(join(root, to)))).toEqual([]);
});

test.each(Object.entries(layers))(
  '%s/: each folder has a layer, and each layer has its folders',
  (room, all) => {
    const folders = new Set(files.filter((file) => roomOf(file) === room).map(folderOf));
    expect([...folders].sort()).toEqual(all.flat().sort());
  },
);

test('no import runs against the map', () => {
  expect(imports.flatMap((each) => problemOf(each) ?? [])).toEqual([]);
});

test('testing/ takes nothing of lib/ but the names of the outputs', () => {
  const ofLib = imports.filter(({ from, to }) => roomOf(from) === 'testing' && roomOf(to) === 'lib');
  expect(ofLib.filter(({ to }) => to !== 'lib/outputs.ts')).toEqual([]);
});

/** What a user writes, replaces or removes: the handlers of this repository's app, and those that come with the package. */
const handlersOfUser = /^lambda\/(handlers|handlers\/(index|message-inbound|defaults|default\/.+))\.ts$/;

/** Who may know them: they themselves, their own tests, and the app. */
const mayKnowHandlers = /^(lambda\/handlers(\.ts|\/.*)|test\/lambda\/handlers\/.*|bin\/app\.ts)$/;

test('nothing but the app and their own tests knows the handlers that a user may replace', () => {
  expect(files.filter((file) => handlersOfUser.test(file)).length).toBeGreaterThan(3);
  const known = imports.filter(({ from, to }) => handlersOfUser.test(to) && !mayKnowHandlers.test(from));
  expect(known.map(({ from, to }) => `${from} imports ${to}: use test/support/handlers.ts.`)).toEqual([]);
});

test('no imports run in a circle when the code runs', () => {
  expect(circleOf(imports.filter(({ isType }) => !isType))).toEqual([]);
});

test('no imports run in a circle, those of types included', () => {
  expect(circleOf(imports)).toEqual([]);
});

test('every folder of lib/ is a part or serves the parts', () => {
  const folders = new Set(files.filter((file) => /^lib\/.*\//.test(file)).map((file) => file.split('/')[1]));
  expect([...folders].sort()).toEqual([...Object.keys(parts), ...servants].sort());
});

describe.each(Object.entries(parts))('the part %s', (part, reasons) => {
  test.each(['lib', 'lambda', 'test/lib', 'test/lambda'])('has a folder in %s/, or a reason', (room) => {
    const folder = `${room}/${part}`;
    const isThere = files.some((file) => dirname(file) === folder);
    if (isThere !== folder in reasons) return;
    throw new Error(
      isThere
        ? `${folder} is there: take the reason why it is not out of test/rooms.test.ts.`
        : `There is no ${folder}. A part has one name in all rooms; if it needs no such folder, say why in test/rooms.test.ts.`,
    );
  });
});
