import type { Manifest } from './starter.ts';

/**
 * The range of versions of a package that an app begins with: from the one that this package was tested with to the next
 * that may break it.
 *
 * @throws Error if this package does not know the other one
 */
export function rangeOf(name: string, { version, devDependencies }: Manifest): string {
  const tested = name === 'zavu-webhooks' ? version : devDependencies[name];
  if (tested === undefined) throw new Error(`package.json says nothing of ${name}.`);
  return `^${tested}`;
}

/**
 * Fills in a new app's name and the versions of its packages.
 *
 * @param template package.json, in which they are empty
 */
export function fillManifest(template: string, name: string, own: Manifest): string {
  const app: { dependencies: Record<string, string>; devDependencies: Record<string, string> } =
    JSON.parse(template);
  const filled = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.keys(names).map((each) => [each, rangeOf(each, own)]));
  return `${JSON.stringify(
    {
      ...app,
      name,
      dependencies: filled(app.dependencies),
      devDependencies: filled(app.devDependencies),
    },
    undefined,
    2,
  )}\n`;
}

/** A name that npm takes, made of that of a folder: lowercase, and nothing that a URL would have to escape. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name || 'webhooks';
}
