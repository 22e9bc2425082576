import './signatures/header.ts';
import './signatures/schemes.ts';
import './signatures/freshness.ts';
import './signatures/secrets.ts';
import './signatures/bound-secrets.ts';
import { useTarget } from './harness.ts';
import { boundSecret } from './signatures/bound-secrets.ts';

// Who is let in.
useTarget({ secrets: [{ secret: 'whsec_first_9f3a2b1c' }, { secret: 'whsec_second_77aa01' }, boundSecret] });
