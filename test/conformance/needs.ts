import type { Need } from '../support/needs.ts';
import { deployed } from './deployed-target.ts';

/** A target that the suite starts with settings of its own, and not a deployed one. */
const locally = (otherwise: string): Need => ({ isMet: !deployed, otherwise: `deployed, and ${otherwise}` });

/** What some tests need of their target. */
export const needs = {
  boundSecret: locally('its list is not known'),
  visibleBatches: locally('its batches cannot be seen'),
  secretToReplace: locally('a test must not change its secret'),
} satisfies Record<string, Need>;
