import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSettings } from './settings-table.ts';

// npm run docs:settings: writes the tables of docs/settings.md anew, from lib/settings/.
const page = join(import.meta.dirname, '../../docs/settings.md');
writeFileSync(page, withSettings(readFileSync(page, 'utf8')));
