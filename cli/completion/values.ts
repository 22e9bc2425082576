import { Routes } from '../../lambda/routing/routes.ts';
import { sampleTypes } from '../../lambda/zavu/samples.ts';
import { readState } from '../../local/state.ts';
import { deadLetterReasons } from '../dead-letters/dead-letter-reasons.ts';
import { unroutedReasons } from '../dead-letters/unrouted-destination.ts';

/**
 * What may be given for an option or an argument whose values are known without asking AWS.
 *
 * @param path the words of its command, such as `dead-letters redrive`
 * @param name the option's or argument's
 * @returns nothing if the values are not known
 */
export function valuesOf(path: string, name: string): readonly string[] {
  switch (name) {
    case 'type':
    case 'event':
      return sampleTypes;
    case 'reason':
      return path.startsWith('unrouted') ? unroutedReasons : Object.keys(deadLetterReasons);
    case 'worker':
      return localWorkers();
    default:
      return [];
  }
}

/** The workers of the local run of this folder; none if there is none, or if several run. */
function localWorkers(): readonly string[] {
  try {
    const routes = readState()?.outputs.Routes;
    return routes === undefined ? [] : Routes.parse(routes).workers;
  } catch {
    return [];
  }
}
