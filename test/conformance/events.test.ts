import { eventBehaviours } from '../../testing/conformance/all-behaviours.ts';
import { useTarget } from './harness.ts';

// What becomes of what is signed.
useTarget({ behaviours: eventBehaviours });
