import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSettings } from './settings-table.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');

test('docs/settings.md says what lib/settings/ says; `npm run docs:settings` writes it anew', () => {
  expect(page).toBe(withSettings(page));
});

test('every setting is described, in sentences', () => {
  const descriptions = [...page.matchAll(/^\| `\w+` \|(?:[^|]*\|){2} ([^|]*) \|$/gm)].map(([, text]) => text);
  expect(descriptions.length).toBeGreaterThan(20);
  expect(descriptions.filter((text) => !text?.endsWith('.'))).toEqual([]);
});

test('a setting that no table has, and one that two tables have, is refused', () => {
  expect(() => withSettings(page.replace(', canary', ''))).toThrow('No table of docs/settings.md has canary');
  expect(() => withSettings(page.replace('<!-- settings: ', '<!-- settings: canary, '))).toThrow(
    'docs/settings.md names canary',
  );
});
