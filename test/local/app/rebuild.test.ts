import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlesToRebuild, type MadeAssembly, withBundles } from '../../../local/app/rebuild.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zavu-rebuild-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text = '') => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

describe('which bundles are made again', () => {
  let made: MadeAssembly;
  beforeEach(() => {
    const [handler, shared, table, app] = ['handler.ts', 'shared.ts', 'table.ts', 'app.ts'].map((name) =>
      file(name),
    );
    made = {
      directory: folder,
      bundles: [
        {
          entry: 'worker',
          digest: sha('w'),
          inputs: [handler, shared, table, join(folder, 'gone-input.ts')].map(String),
        },
        { entry: 'receiver', digest: sha('r'), inputs: [String(shared)] },
      ],
      loaded: new Set([String(table), String(app)]),
    };
  });
  const entries = (...names: string[]) =>
    bundlesToRebuild(
      names.map((name) => join(folder, name)),
      made,
    )?.map(({ entry }) => entry);

  test('those that have a changed file in them', () => {
    expect(entries('handler.ts')).toEqual(['worker']);
    expect(entries('shared.ts')).toEqual(['worker', 'receiver']);
    // As sed and many editors save.
    expect(entries('handler.ts~', 'handler.ts')).toEqual(['worker']);
  });

  test.each([
    ['a file that the app loads, too', ['table.ts']],
    ['a file of the app alone', ['app.ts']],
    ['a file that nothing is known of', ['handler.ts', 'tsconfig.json']],
    ['a file that came and went, alone', ['gone.ts']],
    ['a file of a bundle that is gone', ['handler.ts', 'gone-input.ts']],
    ['nothing', []],
  ])('the app is synthesized after a change of %s', (_what, names) => {
    file('tsconfig.json');
    expect(entries(...names)).toBeUndefined();
  });

  test('the app is synthesized if it is not known what it loads', () => {
    made = { ...made, loaded: undefined };
    expect(entries('handler.ts')).toBeUndefined();
  });

  test('the app is synthesized if another bundle has the same code', () => {
    const twin = { entry: 'twin', digest: sha('w'), inputs: [file('twin.ts')] };
    made = { ...made, bundles: [...made.bundles, twin] };
    expect(entries('handler.ts')).toBeUndefined();
    expect(entries('twin.ts')).toBeUndefined();
  });

  test('a file is the same by its link', () => {
    symlinkSync(join(folder, 'table.ts'), join(folder, 'link.ts'));
    made = { ...made, bundles: [{ entry: 'worker', digest: sha('w'), inputs: [join(folder, 'link.ts')] }] };
    expect(entries('link.ts')).toBeUndefined();
  });
});

describe('an assembly with other bundles', () => {
  const [before, after] = [sha('before'), sha('after')];
  const coded = (S3Key: string, digest: string) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Key }, Environment: { Variables: { CODE_VERSION: digest.slice(0, 12) } } },
  });
  const template = (...others: object[]) =>
    JSON.stringify({ Resources: { ...[coded(`${sha(before)}.zip`, before), ...others] } });
  const record = { entry: 'worker', digest: before, inputs: ['a.ts'] };
  const code = { files: new Map([['index.mjs', 'new']]), digest: after, inputs: ['a.ts', 'b.ts'] };

  function assembly(text: string): MadeAssembly {
    const directory = join(folder, 'assembly');
    mkdirSync(join(directory, `asset.${sha(before)}`), { recursive: true });
    writeFileSync(join(directory, `asset.${sha(before)}`, 'index.mjs'), 'old');
    writeFileSync(join(directory, 'Stack.template.json'), text);
    writeFileSync(join(directory, 'Stack.assets.json'), JSON.stringify({ path: `asset.${sha(before)}` }));
    return { directory, bundles: [record], loaded: new Set() };
  }

  test('has their code, and knows them by their names and versions', () => {
    const next = withBundles(assembly(template()), new Map([[record, code]]), folder);
    const directory = next?.directory ?? '';
    expect(readdirSync(directory).sort()).toEqual(
      [`asset.${sha(after)}`, 'Stack.assets.json', 'Stack.template.json'].sort(),
    );
    expect(readFileSync(join(directory, `asset.${sha(after)}`, 'index.mjs'), 'utf8')).toBe('new');
    const text = readFileSync(join(directory, 'Stack.template.json'), 'utf8');
    expect(text).toContain(`"${sha(after)}.zip"`);
    expect(text).toContain(`"CODE_VERSION":"${after.slice(0, 12)}"`);
    expect(text).not.toContain(before.slice(0, 12));
    expect(next?.bundles).toEqual([{ entry: 'worker', digest: after, inputs: ['a.ts', 'b.ts'] }]);
  });

  test('tells bundles apart of which one became what the other one was', () => {
    const other = { entry: 'other', digest: after, inputs: ['b.ts'] };
    const made = assembly(template(coded(`${sha(after)}.zip`, after)));
    const swapped = new Map([
      [record, code],
      [other, { ...code, digest: before }],
    ]);
    const next = withBundles({ ...made, bundles: [record, other] }, swapped, folder);
    const text = readFileSync(join(String(next?.directory), 'Stack.template.json'), 'utf8');
    expect(Object.values(JSON.parse(text).Resources)).toEqual([
      coded(`${sha(after)}.zip`, after),
      coded(`${sha(before)}.zip`, before),
    ]);
  });

  test.each([
    ['a function', coded('feedbeef.zip', '')],
    ['a layer', { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Key: 'feedbeef.zip' } } }],
  ])('is not made if there is %s of other code, which may hold the same files', (_what, other) => {
    expect(withBundles(assembly(template(other)), new Map([[record, code]]), folder)).toBeUndefined();
  });
});
