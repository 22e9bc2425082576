import './list.ts';
import './show.ts';
import './redrive.ts';
import './discard.ts';
import './export.ts';
import './unrouted.ts';
import './usage.ts';
import { useStack } from './harness.ts';

useStack();
