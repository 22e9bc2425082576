import { handler } from '../../../../lambda/handlers/default/call.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'call.initiated', 'call.answered', 'call.completed', 'call.failed');
