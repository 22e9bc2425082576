import { posix, win32 } from 'node:path';
import { isWatched, mayHold } from '../../../local/app/watch-patterns.ts';

const patterns = { include: ['./lambda/**', 'bin/*.ts'], exclude: ['**/*.js', 'lambda/old'] };

describe.each([
  ['/', posix],
  ['\\', win32],
])('report 2: with %s in paths', (_, path) => {
  const at = (text: string) => text.replaceAll('/', path.sep);

  test.each([
    ['lambda/handlers/message-inbound.ts', true],
    ['lambda/a #1/100%.ts', true],
    ['bin/app.ts', true],
    ['bin/deep/app.ts', false],
    ['lambda/handler.js', false],
    ['lambda/old/handler.ts', false],
    ['lambda/.cache/handler.ts', false],
    ['lambda/node_modules/x/x.ts', false],
    ['test/handler.ts', false],
  ])('a change of %s counts: %s', (file, counts) => {
    expect(isWatched(at(file), patterns, path)).toBe(counts);
  });

  test.each([
    ['', true],
    ['lambda/handlers', true],
    ['bin', true],
    ['lambda/old', false],
    ['lambda/node_modules', false],
    ['cdk.out', false],
    ['test/lambda', false],
  ])('the directory %j may hold what is watched: %s', (directory, may) => {
    expect(mayHold(at(directory), patterns, path)).toBe(may);
  });
});

test('report 2: what lies on another drive is not of the folder', () => {
  const file = win32.relative('C:\\app', 'D:\\app\\lambda\\handler.ts');
  expect(isWatched(file, { include: ['lambda/**'], exclude: [] }, win32)).toBe(false);
});
