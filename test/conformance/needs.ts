import type { SenderScheme } from '../../lambda/zavu/sign.ts';
import { type Scheme, schemes } from '../../lambda/zavu/signature.ts';
import type { Need } from '../support/needs.ts';
import { deployed } from './deployed-target.ts';

/** The schemes that the target takes, weakest first. */
export const accepted: readonly Scheme[] = deployed?.accepted ?? schemes;

/** A target that the suite starts with settings of its own, and not a deployed one. */
const locally = (otherwise: string): Need => ({ isMet: !deployed, otherwise: `deployed, and ${otherwise}` });

/** What some tests need of their target. */
export const needs = {
  /** It takes requests that are signed so. */
  scheme: (scheme: SenderScheme): Need => ({
    isMet: scheme.split('+').some((name) => accepted.some((other) => other === name)),
    otherwise: `${scheme} is not accepted`,
  }),
  /** It takes `v2` and nothing else. The local one is started so. */
  v2Alone: {
    isMet: !deployed || (accepted.length === 1 && accepted[0] === 'v2'),
    otherwise: 'ZAVU_ACCEPTED_SIGNATURES does not say v2 alone',
  },
  severalSecrets: {
    isMet: !deployed || deployed.secrets.length > 1,
    otherwise: 'ZAVU_WEBHOOK_SECRET holds one',
  },
  boundSecret: locally('its list is not known'),
  visibleBatches: locally('its batches cannot be seen'),
  secretToReplace: locally('a test must not change its secret'),
} satisfies Record<string, Need | ((scheme: SenderScheme) => Need)>;
