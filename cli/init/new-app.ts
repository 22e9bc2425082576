import { basename, resolve } from 'node:path';
import { readManifest, readStarter, starterFiles, writeOnce } from './starter.ts';
import { fillManifest, packageName } from './versions.ts';

/**
 * Writes a new app.
 *
 * @param folder is made if it is not there
 * @returns what to print
 */
export function startApp(folder: string): string[] {
  const path = resolve(folder);
  const written = starterFiles.map((file) => {
    const text = readStarter(file);
    return writeOnce(
      path,
      file,
      file === 'package.json' ? fillManifest(text, packageName(basename(path)), readManifest()) : text,
    );
  });
  const enter =
    path === process.cwd() ? [] : [`  cd ${/^[\w.,:/\\@~-]+$/.test(folder) ? folder : `"${folder}"`}`];
  return [...written, '', 'Next:', '', ...enter, '  npm install', '  npm start'];
}
