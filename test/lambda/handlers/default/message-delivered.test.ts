import { handler } from '../../../../lambda/handlers/default/message-delivered.ts';
import { takesAnyData } from './any-data.ts';

takesAnyData(handler, 'message.delivered');
