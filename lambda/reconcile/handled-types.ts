import type { Routes } from '../routing/routes.ts';
import { type ListName, listNames } from './api/zavu-project.ts';

/** The types of event that each list can rebuild. */
const typesOf: Readonly<Record<ListName, RegExp>> = {
  messages: /^message\./,
  conversations: /^conversation\./,
  calls: /^call\./,
  invitations: /^invitation\./,
  templates: /^template\./,
  broadcasts: /^broadcast\./,
};

/** The lists of which a worker handles an event. */
export function handledLists(routes: Routes, types: readonly string[] = []): readonly ListName[] {
  return listNames.filter((name) => handledTypes(name, routes, types).length > 0);
}

/** The event types of a list that a worker handles. */
export function handledTypes(
  name: ListName,
  routes: Routes,
  types: readonly string[] = [],
): readonly string[] {
  const asked = routes.types.filter((type) => types.length === 0 || types.includes(type));
  return asked.filter((type) => typesOf[name].test(type));
}
