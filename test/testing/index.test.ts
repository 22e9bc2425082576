import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Loads the kit as a CommonJS app does, and prints the files that were loaded. */
const script = `
  const { registerHooks } = require('node:module');
  const files = [];
  registerHooks({
    load(url, context, nextLoad) {
      files.push(url);
      return nextLoad(url, context);
    },
  });
  const kit = require('./testing/index.ts');
  console.log(JSON.stringify({ files, names: Object.keys(kit).sort() }));
`;

test('it can be required, and loads no CDK, no AWS SDK, no test runner and no emulator', () => {
  const printed = execFileSync(process.execPath, ['--eval', script], { cwd: root, encoding: 'utf8' });
  const { files, names }: { files: string[]; names: string[] } = JSON.parse(printed);
  expect(names).toEqual(['conformance', 'run', 'sample', 'sign', 'startLocal']);

  const packages = files.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(['zod']);
  const rooms = files.filter((url) => !url.includes('node_modules')).map((url) => url.split(`${root}/`)[1]);
  expect(rooms.filter((file) => !/^(testing|lambda)\//.test(file ?? ''))).toEqual([]);
});
