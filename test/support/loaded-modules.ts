import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Starts a function's bundle as Lambda's cold start does, and prints as JSON what was loaded until its handler
 * stands, on the last line: the URLs of `files`, and the names of `builtins`, Node's own modules, those that others loaded too.
 */
const files: string[] = [];
/** Node tells it to nobody but its own tests. */
const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] };
registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) files.push(url);
    return nextLoad(url, context);
  },
});
const before = moduleLoadList.length;
const [, , bundle = ''] = process.argv;
await import(pathToFileURL(bundle).href);
const builtins = moduleLoadList.slice(before).filter((name) => name.startsWith('NativeModule '));
process.stdout.write(`\n${JSON.stringify({ files, builtins })}`);
process.exit(0);
