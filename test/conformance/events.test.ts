import './events/types.ts';
import './events/envelope.ts';
import './events/ids.ts';
import './events/duplicates.ts';
import './events/body.ts';
import './events/json.ts';
import './events/routing.ts';
import './events/size.ts';
import { useTarget } from './harness.ts';

// What becomes of what is signed.
useTarget();
