import { asciiJson } from '../../lambda/shared/json.ts';

/** Prints a result as one JSON document, in ASCII: nothing from outside can move the cursor. */
export function printJson(value: unknown): void {
  console.log(asciiJson(JSON.stringify(value)));
}
