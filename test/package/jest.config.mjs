import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { jest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Tests of the package that users install: `npm run test:package`. They pack it once, and install it for minutes. */
export default {
  ...jest,
  rootDir: root,
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  testPathIgnorePatterns: [],
  globalSetup: '<rootDir>/test/package/pack.ts',
  globalTeardown: '<rootDir>/test/package/remove.ts',
  setupFiles: [],
  // An installation on a busy machine.
  testTimeout: 600_000,
};
