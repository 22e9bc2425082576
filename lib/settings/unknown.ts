import { editDistance } from '../edit-distance.ts';

/**
 * Finds names that somebody meant as a setting. CDK's context holds many other names, its own and those of whoever has an
 * app around the stack, so only what is close to a setting's name is taken for one.
 *
 * @param names of all that the context holds
 * @param known names of the settings
 * @returns a sentence for each, which names the nearest setting, and how a key of somebody's own passes
 */
export function findUnknownSettings(names: readonly string[], known: readonly string[]): string[] {
  return names
    .filter((name) => !known.includes(name) && !isForeign(name))
    .flatMap((name) => {
      const [, parent, inner] = name.match(/^(zavu|stages)\.(.+)$/) ?? [];
      if (parent !== undefined) {
        const last = inner?.split('.').at(-1) ?? '';
        return [
          `${name}: -c sets no part of an object. Give the setting by its name alone, such as -c ${nearestSetting(last, known) ?? 'archive'}=….`,
        ];
      }
      const nearest = nearestSetting(name, known);
      return nearest === undefined
        ? []
        : [
            `${name}: there is no such setting. Did you mean ${nearest}? A key of your own passes with a colon in its name, such as app:${name}.`,
          ];
    });
}

/**
 * The setting whose name is so close to another name that it was probably meant.
 *
 * @returns undefined if none is
 */
export function nearestSetting(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((setting) => ({ setting, distance: editDistance(plain(name), plain(setting)) }))
    // One change in a short name makes another word; in a long one three make none.
    .filter(({ setting, distance }) => distance <= Math.max(1, Math.floor(setting.length / 5)))
    .sort((left, right) => left.distance - right.distance);
  return nearest?.setting;
}

/** CDK's own names have a namespace: `@aws-cdk/…`, `aws:cdk:…`, `availability-zones:…`. */
function isForeign(name: string): boolean {
  return /[:/@]/.test(name);
}

/** As somebody may spell it in another convention: `alarm-email`, `ALARM_EMAIL`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, '');
}
