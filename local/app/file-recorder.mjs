/**
 * Is loaded into the process of an app before the app, and writes down which files it loads and reads (loaded-files.ts).
 * Plain JavaScript, because any Node may run it.
 */
import fs from 'node:fs';
import module, { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';

const record = process.env.ZAVU_LOADED_FILES;
// Without these hooks there is no record, and then every change is synthesized.
if (record && module.registerHooks) {
  const files = new Set();
  const add = (path) => {
    const text = path instanceof URL ? path.href : String(path);
    if (text.startsWith('file:')) files.add(fileURLToPath(text.replace(/[?#].*$/, '')));
    else if (typeof path === 'string') files.add(path);
  };
  module.registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) add(url);
      return next(url, context);
    },
  });
  for (const [holder, name] of [
    [fs, 'readFileSync'],
    [fs, 'readFile'],
    [fs, 'openSync'],
    [fs, 'open'],
    [fs, 'createReadStream'],
    [fs, 'copyFileSync'],
    [fs, 'copyFile'],
    [fs.promises, 'readFile'],
    [fs.promises, 'open'],
    [fs.promises, 'copyFile'],
  ]) {
    const original = holder[name];
    holder[name] = (path, ...rest) => {
      add(path);
      return original.call(holder, path, ...rest);
    };
  }
  syncBuiltinESMExports();
  const { appendFileSync } = fs;
  process.once('exit', () => {
    for (const path of Object.keys(module.createRequire(import.meta.url).cache)) files.add(path);
    appendFileSync(record, `${JSON.stringify([...files])}\n`);
  });
}
