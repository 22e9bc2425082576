import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is not ours to word, or is no part of the project: what others install, make or give to it. */
const foreign =
  /(?:^|\/)(?:\.git|\.idea|\.vscode|node_modules|cdk\.out|dist|package-lock\.json|results\.json|samples|test-results[^/]*\.json|\.zavu-local\.json|[^/]*\.log)$/;
/** What has to name the words: this list, the decision about it, and what a user of an older version reads or is told. */
const naming =
  /^test\/words$|^docs\/decisions\/0028-rooms-and-words\.md$|^docs\/upgrading\.md$|^(?:test\/)?lib\/settings\/retired\./;

/** A file that people read. */
interface TextFile {
  /** Its path from the root, with slashes on every system. */
  file: string;
  text: string;
}

/**
 * All files in which retired words are looked for, whatever their names end with.
 *
 * @param root the folder of the project
 */
export function textFiles(root: string, folder = ''): TextFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = folder ? `${folder}/${entry.name}` : entry.name;
    if (foreign.test(file) || naming.test(file)) return [];
    if (entry.isDirectory()) return textFiles(root, file);
    if (!entry.isFile()) return [];
    const text = readFileSync(join(root, file), 'utf8');
    // A picture or an archive has such bytes, and a text has none.
    return text.includes('\0') ? [] : [{ file, text }];
  });
}
