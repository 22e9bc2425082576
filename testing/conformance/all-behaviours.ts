import type { Behaviour } from './behaviour.ts';
import { bodyBehaviours } from './events/body.ts';
import { duplicateBehaviours } from './events/duplicates.ts';
import { envelopeBehaviours } from './events/envelope.ts';
import { idBehaviours } from './events/ids.ts';
import { jsonBehaviours } from './events/json.ts';
import { routingBehaviours } from './events/routing.ts';
import { sizeBehaviours } from './events/size.ts';
import { typeBehaviours } from './events/types.ts';
import { freshnessBehaviours } from './signatures/freshness.ts';
import { headerBehaviours } from './signatures/header.ts';
import { schemeBehaviours } from './signatures/schemes.ts';
import { secretBehaviours } from './signatures/secrets.ts';
import { v2AloneBehaviours } from './signatures/v2-alone.ts';

/** Who is let in. */
export const signatureBehaviours: readonly Behaviour[] = [
  ...headerBehaviours,
  ...schemeBehaviours,
  ...freshnessBehaviours,
  ...secretBehaviours,
];

/** Who is let in by a target that takes `v2` alone. */
export { v2AloneBehaviours };

/** What becomes of what is signed. */
export const eventBehaviours: readonly Behaviour[] = [
  ...typeBehaviours,
  ...envelopeBehaviours,
  ...idBehaviours,
  ...duplicateBehaviours,
  ...bodyBehaviours,
  ...jsonBehaviours,
  ...routingBehaviours,
  ...sizeBehaviours,
];
