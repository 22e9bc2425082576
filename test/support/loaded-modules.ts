import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Starts a function's bundle as Lambda's cold start does, and prints what was loaded until its handler stands: a
 * JSON array of URLs, those of Node's own modules among them.
 */
const loaded: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});
const [, , bundle = ''] = process.argv;
await import(pathToFileURL(bundle).href);
process.stdout.write(JSON.stringify(loaded));
process.exit(0);
