import { handler } from '../../../../lambda/handlers/default/message-queued.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'message.queued');
