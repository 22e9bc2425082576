import '../../testing/conformance/signatures/header.ts';
import '../../testing/conformance/signatures/schemes.ts';
import '../../testing/conformance/signatures/freshness.ts';
import '../../testing/conformance/signatures/secrets.ts';
import './bound-secrets.ts';
import { boundSecret } from './bound-secrets.ts';
import { useTarget } from './harness.ts';

// Who is let in.
useTarget({ secrets: [{ secret: 'whsec_first_9f3a2b1c' }, { secret: 'whsec_second_77aa01' }, boundSecret] });
