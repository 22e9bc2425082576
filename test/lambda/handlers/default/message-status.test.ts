import { handler } from '../../../../lambda/handlers/default/message-status.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'message.status');
