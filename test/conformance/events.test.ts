import '../../testing/conformance/events/types.ts';
import '../../testing/conformance/events/envelope.ts';
import '../../testing/conformance/events/ids.ts';
import '../../testing/conformance/events/duplicates.ts';
import '../../testing/conformance/events/body.ts';
import '../../testing/conformance/events/json.ts';
import '../../testing/conformance/events/routing.ts';
import '../../testing/conformance/events/size.ts';
import { useTarget } from './harness.ts';

// What becomes of what is signed.
useTarget();
