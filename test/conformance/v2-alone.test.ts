import { v2AloneBehaviours } from '../../testing/conformance/all-behaviours.ts';
import { useTarget } from './harness.ts';

// Who is let in, if one scheme is accepted.
useTarget({ settings: { acceptedSignatures: 'v2' }, accepted: ['v2'], behaviours: v2AloneBehaviours });
