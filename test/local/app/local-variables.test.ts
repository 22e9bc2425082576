import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLocalVariables } from '../../../local/app/local-variables.ts';

const folder = mkdtempSync(join(tmpdir(), 'zavu-variables-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('report 2: .env.local may begin with the mark that Windows writes', () => {
  writeFileSync(join(folder, '.env.local'), '\ufeffCRM_URL=http://a\r\n');
  expect(readLocalVariables(folder, {}).ofFile).toEqual({ CRM_URL: 'http://a' });
  rmSync(join(folder, '.env.local'));
});

test('.env.local gives variables, and the environment wins for secrets alone', () => {
  expect(readLocalVariables(folder, { HOME: '/' })).toEqual({ ofFile: {}, ofSecrets: { HOME: '/' } });
  const lines = ['# mine', 'CRM_URL="http://a b"', 'ZAVU_LOCAL_SECRET_CRM=\'{"key":"of the file"}\'', ''];
  writeFileSync(join(folder, '.env.local'), lines.join('\r\n'));
  const environment = { CRM_URL: 'of the shell', ZAVU_LOCAL_SECRET_CRM: 'of the shell' };
  expect(readLocalVariables(folder, environment)).toEqual({
    ofFile: { CRM_URL: 'http://a b', ZAVU_LOCAL_SECRET_CRM: '{"key":"of the file"}' },
    ofSecrets: environment,
  });
});
