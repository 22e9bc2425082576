import type { JudgedResource } from './resource.ts';

/** A text of the template, and its place: in a resource, or in a section such as `Outputs`. */
export interface PlacedText {
  resource: JudgedResource;
  property: string;
  text: string;
}

/**
 * Every text of a template, the names in it, too.
 *
 * @param sections of the template beside its resources
 */
export function findTexts(
  resources: readonly JudgedResource[],
  sections: Readonly<Record<string, object | string>>,
): PlacedText[] {
  const inResources = resources.flatMap((resource) =>
    textsOf(resource.properties).map(({ path, text }) => ({ resource, property: path.join('/'), text })),
  );
  const inSections = textsOf(sections).map(({ path: [section = '', ...rest], text }) => ({
    resource: sectionOf(section),
    property: rest.join('/'),
    text,
  }));
  return [...inResources, ...inSections];
}

/** A section of the template, in the place of a resource. */
function sectionOf(name: string): JudgedResource {
  return { id: name, type: '', path: name, properties: {}, deletionPolicy: undefined, dependsOn: [] };
}

function textsOf(value: unknown, path: readonly string[] = []): { path: readonly string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [
    ...(Array.isArray(value) ? [] : [{ path, text: name }]),
    ...textsOf(each, [...path, name]),
  ]);
}
