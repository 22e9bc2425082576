import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What the code of each room may import from other rooms: a whole room, or one file of it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  bin: ['lib', 'cli'],
  lambda: [],
  lib: ['lambda'],
  local: ['lambda', 'lib'],
  cli: ['lambda', 'lib', 'local'],
  bench: ['lambda', 'lib', 'local', 'cli', 'test'],
  test: ['lambda', 'lib', 'local', 'cli', 'bench', 'bin'],
};

/**
 * The rooms of lambda/ from the bottom to the top. A room imports from those below it and not from its neighbours in the
 * same layer.
 */
const lambdaLayers: readonly (readonly string[])[] = [
  ['shared'],
  ['zavu'],
  ['queued-event'],
  ['routing'],
  ['idempotency', 'messages', 'archive'],
  ['handlers'],
  ['event-bus'],
  ['receiver', 'worker', 'canary'],
];

interface Import {
  from: string;
  to: string;
  /** Whether it imports types alone, so that nothing of it is left when the code runs. */
  isType: boolean;
}

/** The files of all rooms, by their paths from the root with `/` in them. */
const files = globSync('{bin,lambda,lib,local,cli,bench,test}/**/*.{ts,mts,mjs,js}', {
  cwd: root,
  exclude: (path) => path.split(sep).includes('node_modules'),
})
  .map((file) => file.replaceAll(sep, '/'))
  .sort();

/** Static imports and re-exports, which begin a line, and dynamic imports, which may stand anywhere. */
const specifiers =
  /^[ \t]*(?:import|export)\b(?<isType> type\b)?(?:[\w\s{},*$]*?\bfrom)?\s*['"](?<path>\.\.?\/[^'"]+)['"]|\bimport\(\s*['"](?<dynamicPath>\.\.?\/[^'"]+)['"]/gm;

const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(specifiers)].map(({ groups = {} }) => ({
    from,
    to: posix.join(posix.dirname(from), groups.path ?? groups.dynamicPath ?? ''),
    isType: groups.isType !== undefined,
  })),
);

const roomOf = (file: string) => file.split('/')[0] ?? '';
const lambdaRoomOf = (file: string) => file.split('/')[1] ?? '';
const layerOf = (room: string) => lambdaLayers.findIndex((rooms) => rooms.includes(room));

/** A sentence on an import that runs against the map; undefined if it does not. */
function problemOf({ from, to }: Import): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room !== other) {
    const allowed = mayImport[room] ?? [];
    if (allowed.includes(other) || allowed.includes(to)) return undefined;
    const list = allowed.length > 0 ? `from ${allowed.join(', ')} alone` : 'from no other room';
    return `${from} imports ${to}, but ${room}/ may import ${list}.`;
  }
  if (room !== 'lambda') return undefined;
  const [own, target] = [lambdaRoomOf(from), lambdaRoomOf(to)];
  if (own === target || layerOf(target) < layerOf(own)) return undefined;
  return layerOf(target) > layerOf(own)
    ? `${from} imports ${to}, but lambda/${target} is above lambda/${own}: move what both need into lambda/${own} or below it.`
    : `${from} imports ${to}, but lambda/${target} and lambda/${own} are of one layer: move what both need below them.`;
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

test('each room of lambda/ has a layer', () => {
  const rooms = new Set(files.filter((file) => roomOf(file) === 'lambda').map((file) => dirname(file)));
  expect([...rooms].map(lambdaRoomOf).filter((room) => layerOf(room) < 0)).toEqual([]);
});

test('no import runs against the map', () => {
  expect(imports.flatMap((each) => problemOf(each) ?? [])).toEqual([]);
});

test('no imports run in a circle when the code runs', () => {
  expect(circleOf(imports.filter(({ isType }) => !isType))).toEqual([]);
});

test('no imports of lambda/ run in a circle, those of types included', () => {
  expect(circleOf(imports.filter(({ from }) => roomOf(from) === 'lambda'))).toEqual([]);
});
