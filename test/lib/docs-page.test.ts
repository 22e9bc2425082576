import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docsPage } from '../../lib/docs-page.ts';

const root = join(import.meta.dirname, '../..');

test('a page is named by its path from where a person is, and whole if it is somewhere else', () => {
  expect(docsPage('senders.md', root)).toBe(join('docs', 'senders.md'));
  expect(docsPage('senders.md', join(root, '..'))).toMatch(/^[^\\/]+[\\/]docs[\\/]senders\.md$/);
  expect(docsPage('senders.md', join(tmpdir(), 'elsewhere'))).toBe(join(root, 'docs', 'senders.md'));
});
