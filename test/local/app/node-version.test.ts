import { nodeVersionError } from '../../../local/app/node-version.ts';

test.each(['v20.19.5', 'v22.21.0', 'v23.11.1', 'v8.17.0'])(
  'Node %s is too old, and the error says what to do',
  (version) => {
    expect(nodeVersionError(version)).toMatch(
      new RegExp(
        `^The local run needs Node 24, .* and this is ${version}: \`npm install --save-dev node@24\``,
      ),
    );
  },
);

test.each(['v24.0.0', 'v24.21.0', 'v26.1.0', process.version])('Node %s will do', (version) => {
  expect(nodeVersionError(version)).toBeUndefined();
});
