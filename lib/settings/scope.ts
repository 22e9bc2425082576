import type { Construct, IConstruct } from 'constructs';
import type { Settings } from './settings.ts';

const contextKey = 'zavu-webhooks:settings';

/**
 * Gives all parts of a construct their settings.
 *
 * @param owner the construct that the parts stand in; it must not have children yet
 */
export function provideSettings(owner: Construct, settings: Settings): void {
  owner.node.setContext(contextKey, settings);
}

/**
 * Finds the settings of the part that a construct belongs to: those of the nearest owner around it.
 *
 * @throws Error if no construct around it has settings
 */
export function settingsOf(scope: IConstruct): Settings {
  const found: Settings | undefined = scope.node.tryGetContext(contextKey);
  if (found) return found;
  throw new Error(
    `${scope.node.path || 'The app'} has no settings: create it inside a ZavuWebhooks, which gives its parts their settings.`,
  );
}
