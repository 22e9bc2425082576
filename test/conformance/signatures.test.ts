import { signatureBehaviours } from '../../testing/conformance/all-behaviours.ts';
import { boundSecret, testBoundSecret } from './bound-secrets.ts';
import { useTarget } from './harness.ts';

// Who is let in.
const target = useTarget({
  secrets: [{ secret: 'whsec_first_9f3a2b1c' }, { secret: 'whsec_second_77aa01' }, boundSecret],
  behaviours: signatureBehaviours,
});
testBoundSecret(target);
